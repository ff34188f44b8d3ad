#ifndef CLI_TEMPLATES_H
#define CLI_TEMPLATES_H

/* The files of templates/, with "@KEY@" where a project's own words go. */
extern const char page_sluice_config[];
extern const char page_github_workflow[];
extern const char page_gitlab_job[];
extern const char page_pre_commit[];
extern const char page_jenkinsfile[];
extern const char page_suppressions[];

#endif
