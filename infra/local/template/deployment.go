package template

import (
	"slices"
	"strings"
)

// checkDeployment refuses what would work on this machine and fail on AWS.
func (l *loader) checkDeployment(t *Template) {
	l.checkStageWaits()
	l.checkCircles()
	l.checkURLs()
	api := "arn:aws:execute-api:" + l.options.Region + ":" + l.options.AccountID + ":" + t.API.ID
	for _, route := range t.API.Routes {
		l.checkPermission(route.Line, "route "+route.Key, route.Function, "apigateway.amazonaws.com", api+"/"+t.API.Stage+"/"+route.Key)
	}
	for _, r := range all[authorizerShape](l) {
		if id, _ := l.local(r.resource, "Ref"); t.API.Authorizer != nil && t.API.Authorizer.Line == r.line {
			l.checkPermission(r.line, r.id, t.API.Authorizer.Function, "apigateway.amazonaws.com", api+"/authorizers/"+id)
		}
	}
	for _, schedule := range t.Schedules {
		l.checkPermission(schedule.Line, schedule.Name, schedule.Function, "events.amazonaws.com", schedule.ARN)
	}
}

// checkStageWaits refuses a stage that could be deployed before its routes: API Gateway then refuses it, or serves it without them.
func (l *loader) checkStageWaits() {
	for _, stage := range all[stageShape](l) {
		for _, route := range all[routeShape](l) {
			if !slices.Contains(stage.dependsOn, route.id) {
				l.refuse(max(stage.line, stage.dependsOnLine), "%s: DependsOn lacks %s, and the stage could be deployed without that route: add it", stage.id, route.id)
			}
		}
	}
}

// checkPermission refuses a function that a service may not invoke: callers would see "Internal server error" on AWS only.
func (l *loader) checkPermission(line int, what, function, service, source string) {
	if function == "" {
		return // the missing function is refused already
	}
	for _, r := range all[permissionShape](l) {
		allowed, ok := named[functionShape](l, r.props.FunctionName, "Ref", "Arn")
		if ok && l.functionName(allowed) == function && r.props.Principal == service && covers(r.props.SourceArn, source) {
			return
		}
	}
	l.refuse(line, "%s: no AWS::Lambda::Permission lets %s invoke function %s: add one whose SourceArn covers %s", what, service, function, source)
}

// checkURLs refuses a function URL that nobody may use (Lambda asks for both permissions, Lambda developer guide, "Control access to
// Lambda function URLs"), and a permission that names neither a source nor a URL: any account's API could invoke the function.
func (l *loader) checkURLs() {
	for _, url := range all[urlShape](l) {
		function, _ := named[functionShape](l, url.props.TargetFunctionArn, "Ref", "Arn")
		permitted := func(is func(permissionShape) bool) bool {
			return slices.ContainsFunc(all[permissionShape](l), func(r found[permissionShape]) bool {
				allowed, ok := named[functionShape](l, r.props.FunctionName, "Ref", "Arn")
				return ok && allowed.resource == function.resource && r.props.Principal == "*" && is(*r.props)
			})
		}
		ofURL := func(p permissionShape) bool {
			return p.Action == "lambda:InvokeFunctionUrl" && p.FunctionUrlAuthType == "NONE"
		}
		throughURL := func(p permissionShape) bool { return p.Action == "lambda:InvokeFunction" && p.InvokedViaFunctionUrl }
		if !permitted(ofURL) || !permitted(throughURL) {
			l.refuse(url.line, "%s: nobody may use the URL: let * do lambda:InvokeFunctionUrl with FunctionUrlAuthType NONE, and "+
				"lambda:InvokeFunction with InvokedViaFunctionUrl true", url.id)
		}
	}
	for _, r := range all[permissionShape](l) {
		if r.props.SourceArn == "" && r.props.FunctionUrlAuthType == "" && !r.props.InvokedViaFunctionUrl {
			l.refuse(r.line, "%s: it has no SourceArn: say whose calls are let in", r.id)
		}
	}
}

// covers says whether an ARN with * as wildcard takes in another.
func covers(pattern, arn string) bool {
	parts := strings.Split(pattern, "*")
	last := len(parts) - 1
	if last == 0 {
		return pattern == arn
	}
	rest, ok := strings.CutPrefix(arn, parts[0])
	for _, part := range parts[1:last] {
		if ok {
			_, rest, ok = strings.Cut(rest, part)
		}
	}
	return ok && strings.HasSuffix(rest, parts[last])
}

// checkCircles refuses resources that need each other first.
func (l *loader) checkCircles() {
	done := map[string]bool{}
	var visit func(id string, path []string) bool
	visit = func(id string, path []string) bool {
		if start := slices.Index(path, id); start >= 0 {
			l.refuse(l.lineOf(id), "%s: circle of dependencies %s: take one of them out", id, strings.Join(append(path[start:], id), " -> "))
			return false
		}
		if done[id] {
			return true
		}
		done[id] = true
		for _, need := range l.edges[id] {
			if !visit(need, append(slices.Clone(path), id)) {
				return false
			}
		}
		return true
	}
	for _, r := range l.resources {
		if !visit(r.id, nil) {
			return
		}
	}
}

func (l *loader) lineOf(id string) int {
	for _, r := range l.resources {
		if r.id == id {
			return r.line
		}
	}
	return 1
}
