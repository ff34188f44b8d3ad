// A pipeline of its own, or a stage for yours. Needs sluice on the agent, and the plugins
// "warnings-ng" and "junit".
pipeline {
    agent any
    stages {
        stage('sluice') {
            steps {
                sh '@BUILD@'
                sh '''
                    if [ -n "$CHANGE_TARGET" ]; then set -- --base "origin/$CHANGE_TARGET"; else set -- --fail-on none; fi
                    sluice check "$@" --fixes --format text,sarif=sluice.sarif,junit=sluice-junit.xml,html=sluice.html
                '''
            }
            post {
                always {
                    recordIssues(tool: sarif(pattern: 'sluice.sarif', id: 'sluice', name: 'sluice'))
                    archiveArtifacts(artifacts: 'sluice.html', allowEmptyArchive: true)
                    junit(testResults: 'sluice-junit.xml', allowEmptyResults: true)
                }
            }
        }
    }
}
