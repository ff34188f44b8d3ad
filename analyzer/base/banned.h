#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* Functions nobody here may call. Force-included; arena.c, the only door to malloc, opts out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef BANNED_ALLOW_MALLOC
#pragma GCC poison malloc calloc realloc strdup strndup
#endif
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol gmtime localtime

#endif
