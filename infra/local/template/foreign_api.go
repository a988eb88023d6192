package template

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// foreignAPI is the template's one WebSocket API, of either form. Other APIs are left out.
func (l *loader) foreignAPI() API {
	sam := all[webSocketShape](l)
	l.leaveOutHTTP()
	plain := all[apiShape](l)
	switch {
	case len(sam)+len(plain) == 0:
		l.refuse(1, "there is no WebSocket API: add an AWS::ApiGatewayV2::Api with ProtocolType WEBSOCKET, or an AWS::Serverless::WebSocketApi")
		return API{}
	case len(sam)+len(plain) > 1:
		l.refuse(slices.Concat(linesOf(sam), linesOf(plain))[1], "a second WebSocket API: only one is run: take the others out")
		return API{}
	case len(sam) == 1:
		return l.samAPI(sam[0])
	}
	if len(all[stageShape](l)) == 0 {
		return l.apiOfDeployment(plain[0])
	}
	api := l.api()
	for _, stage := range all[stageShape](l) {
		api.StageVariables = stage.props.StageVariables
	}
	return api
}

func linesOf[T any](resources []found[T]) []int {
	var lines []int
	for _, r := range resources {
		lines = append(lines, r.line)
	}
	return lines
}

// leaveOutHTTP leaves out HTTP APIs with their parts, and routes that no function answers.
func (l *loader) leaveOutHTTP() {
	gone := map[string]bool{}
	for _, r := range all[apiShape](l) {
		if r.props.ProtocolType != "WEBSOCKET" {
			l.note(r.line, "%s: an API of protocol %s has no part in a run here", r.id, cmp.Or(r.props.ProtocolType, "HTTP"))
			gone[r.id] = true
		}
	}
	for _, r := range all[integrationShape](l) {
		if r.props.IntegrationType != "AWS_PROXY" && !gone[r.props.ApiId] {
			l.note(r.line, "%s: integrations of type %s are not imitated: its routes are left out", r.id, r.props.IntegrationType)
			gone["integrations/"+r.id] = true
		}
	}
	l.resources = slices.DeleteFunc(l.resources, func(r *resource) bool {
		switch props := r.properties.(type) {
		case *apiShape:
			return gone[r.id]
		case *integrationShape:
			return gone[props.ApiId]
		case *routeShape:
			return gone[props.ApiId] || gone[props.Target]
		case *stageShape:
			return gone[props.ApiId]
		case *authorizerShape:
			return gone[props.ApiId]
		default:
			return false
		}
	})
	for _, r := range all[routeShape](l) {
		if r.props.AuthorizationType == "AWS_IAM" {
			l.note(r.lineOf("AuthorizationType"), "%s: signatures are not asked for here: anybody may connect", r.id)
		}
	}
}

// apiOfDeployment is an API whose stage is made by its deployment.
func (l *loader) apiOfDeployment(api found[apiShape]) API {
	for _, r := range all[deploymentShape](l) {
		if r.props.StageName != "" {
			return API{
				LogicalID: api.id, ID: api.id, RouteSelection: api.props.RouteSelectionExpression, Stage: r.props.StageName,
				Routes: l.routes(found[stageShape]{api.resource, &stageShape{}}), Authorizer: l.authorizer(), Line: api.line,
			}
		}
	}
	l.refuse(api.line, "%s: the API has no stage: add an AWS::ApiGatewayV2::Stage", api.id)
	return API{}
}

func (l *loader) samAPI(r found[webSocketShape]) API {
	settings := r.props.DefaultRouteSettings
	api := API{
		LogicalID: r.id, ID: r.id, RouteSelection: r.props.RouteSelectionExpression,
		Stage:          cmp.Or(r.props.StageName, "default"),
		StageVariables: r.props.StageVariables,
		RateLimit:      settings.ThrottlingRateLimit,
		BurstLimit:     settings.ThrottlingBurstLimit,
		Line:           r.line,
	}
	for _, key := range slices.Sorted(maps.Keys(r.props.Routes)) {
		from, own := r.props.Routes[key], r.props.RouteSettings[key]
		route := Route{
			Key: key, Function: l.functionOf(r.resource, "Routes", from.FunctionArn), Timeout: integrationTimeout, Line: r.line,
			TwoWay:    from.RouteResponseSelectionExpression != "", // SAM makes the response too
			RateLimit: own.ThrottlingRateLimit, BurstLimit: own.ThrottlingBurstLimit,
		}
		if from.IntegrationTimeout > 0 {
			route.Timeout = time.Duration(from.IntegrationTimeout) * time.Millisecond
		}
		api.Routes = append(api.Routes, route)
	}
	switch auth := r.props.Auth; auth.AuthType {
	case "CUSTOM":
		api.Authorizer = &Authorizer{Function: l.functionOf(r.resource, "Auth", auth.AuthArn), IdentitySources: auth.IdentitySource, Line: r.line}
	case "AWS_IAM":
		l.note(r.lineOf("Auth"), "%s: signatures are not asked for here: anybody may connect", r.id)
	}
	return api
}
