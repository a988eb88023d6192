package process

import (
	"maps"
	"slices"
	"strconv"
)

// variables are those that Lambda gives (Lambda developer guide, "Defined runtime environment variables"), and the function's own. Left out are
// those of paths that are not here, and AWS_EXECUTION_ENV, which runtimes of the operating system alone do not have.
func (e *environment) variables(api string) []string {
	o := e.pool.options
	all := map[string]string{
		"AWS_LAMBDA_RUNTIME_API": api, "AWS_LAMBDA_FUNCTION_NAME": o.Name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(o.MemoryMB), "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/" + o.Name, "AWS_LAMBDA_LOG_STREAM_NAME": e.began.UTC().Format("2006/01/02/[$LATEST]150405.000000000"),
		"_HANDLER": "bootstrap", "LAMBDA_TASK_ROOT": e.command.Dir, "LANG": "en_US.UTF-8", "TZ": ":UTC", "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
	}
	maps.Copy(all, o.Environment)
	all["AWS_DEFAULT_REGION"] = all["AWS_REGION"]
	all["AWS_ACCESS_KEY"] = all["AWS_ACCESS_KEY_ID"]
	for _, name := range []string{"AWS_DEFAULT_REGION", "AWS_ACCESS_KEY"} {
		if all[name] == "" {
			delete(all, name)
		}
	}
	list := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, name+"="+all[name])
	}
	return list
}
