package template

import (
	"maps"
	"slices"
)

// reserved are the variables that Lambda sets and lets no template set (Lambda developer guide, "Defined runtime environment variables").
func reserved() []string {
	return []string{
		"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
		"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
		"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
	}
}

// variables are those of a function's environment, none of which is Lambda's own.
func (l *loader) variables(r found[functionShape]) map[string]string {
	given := r.props.Environment.Variables
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if slices.Contains(reserved(), name) {
			l.refuse(r.lineOf("Environment"), "%s: the environment variable %s is Lambda's own: leave it out", r.id, name)
		}
	}
	return given
}
