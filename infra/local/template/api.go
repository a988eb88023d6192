package template

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// integrationTimeout is API Gateway's default, and its maximum (API Gateway quotas, WebSocket APIs: 50 ms to 29 s).
const integrationTimeout = 29 * time.Second

func (l *loader) api() API {
	api, hasAPI := only[apiShape](l, "AWS::ApiGatewayV2::Api")
	stage, hasStage := only[stageShape](l, "AWS::ApiGatewayV2::Stage")
	if !hasAPI || !hasStage {
		return API{}
	}
	id, _ := l.local(api.resource, "Ref")
	l.checkAPIIDs(id)
	settings := stage.props.DefaultRouteSettings
	return API{
		LogicalID:      api.id,
		ID:             id,
		RouteSelection: api.props.RouteSelectionExpression,
		Stage:          stage.props.StageName,
		Routes:         l.routes(stage),
		Authorizer:     l.authorizer(),
		RateLimit:      settings.ThrottlingRateLimit,
		BurstLimit:     settings.ThrottlingBurstLimit,
		Line:           api.line,
	}
}

// checkAPIIDs refuses parts that belong to another API than the template's.
func (l *loader) checkAPIIDs(id string) {
	check := func(r *resource, apiID string) {
		if apiID != id {
			l.refuse(r.lineOf("ApiId"), "%s: ApiId %q is not the API of this template: write !Ref with its name", r.id, apiID)
		}
	}
	for _, r := range all[authorizerShape](l) {
		check(r.resource, r.props.ApiId)
	}
	for _, r := range all[integrationShape](l) {
		check(r.resource, r.props.ApiId)
	}
	for _, r := range all[routeShape](l) {
		check(r.resource, r.props.ApiId)
	}
	for _, r := range all[routeResponseShape](l) {
		check(r.resource, r.props.ApiId)
	}
	for _, r := range all[stageShape](l) {
		check(r.resource, r.props.ApiId)
	}
}

func (l *loader) routes(stage found[stageShape]) []Route {
	var routes []Route
	own := stage.props.RouteSettings
	first := map[string]string{}
	for _, r := range all[routeShape](l) {
		key := r.props.RouteKey
		if other, twice := first[key]; twice {
			l.refuse(r.lineOf("RouteKey"), "%s: route key %s is that of %s too: remove one", r.id, key, other)
		}
		first[key] = r.id
		route := Route{Key: key, TwoWay: l.twoWay(r), Line: r.line}
		route.RateLimit, route.BurstLimit = own[key].ThrottlingRateLimit, own[key].ThrottlingBurstLimit
		route.Function, route.Timeout = l.target(r)
		routes = append(routes, route)
	}
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if first[key] == "" {
			l.refuse(stage.lineOf("RouteSettings"), "%s: RouteSettings names %q, which is no route's key: correct or remove it", stage.id, key)
		}
	}
	return routes
}

// target gives the function behind a route, and how long API Gateway waits for it.
func (l *loader) target(r found[routeShape]) (function string, timeout time.Duration) {
	id, isIntegration := strings.CutPrefix(r.props.Target, "integrations/")
	integration, ok := named[integrationShape](l, id, "Ref")
	if !isIntegration || !ok {
		l.refuse(r.lineOf("Target"), "%s: Target %q is no integration of this template: write !Sub integrations/${Integration} with its name", r.id, r.props.Target)
		return "", 0
	}
	timeout = integrationTimeout
	if ms := integration.props.TimeoutInMillis; ms != nil {
		timeout = time.Duration(*ms) * time.Millisecond
	}
	return l.invoked(integration.resource, "IntegrationUri", integration.props.IntegrationUri), timeout
}

// twoWay says whether the route answers; API Gateway wants both halves of it.
func (l *loader) twoWay(r found[routeShape]) bool {
	ref, _ := l.local(r.resource, "Ref")
	responds := false
	for _, response := range all[routeResponseShape](l) {
		responds = responds || response.props.RouteId == ref
	}
	selects := r.props.RouteResponseSelectionExpression != ""
	if selects != responds && !l.foreign {
		l.refuse(r.line, "%s: a route answers with both RouteResponseSelectionExpression and an AWS::ApiGatewayV2::RouteResponse, and it has one: add the other", r.id)
	}
	return selects && responds
}

// authorizer gives the authorizer of $connect; other routes can have none.
func (l *loader) authorizer() *Authorizer {
	var used *Authorizer
	for _, r := range all[routeShape](l) {
		if r.props.AuthorizationType != "CUSTOM" {
			continue
		}
		if r.props.RouteKey != "$connect" {
			l.refuse(r.lineOf("AuthorizationType"), "%s: API Gateway authorizes $connect only: remove AuthorizationType", r.id)
			continue
		}
		authorizer, ok := named[authorizerShape](l, r.props.AuthorizerId, "Ref", "AuthorizerId")
		if !ok {
			l.refuse(r.lineOf("AuthorizerId"), "%s: AuthorizerId %q is no authorizer of this template: write !Ref with its name", r.id, r.props.AuthorizerId)
			continue
		}
		used = &Authorizer{
			Function:        l.invoked(authorizer.resource, "AuthorizerUri", authorizer.props.AuthorizerUri),
			IdentitySources: authorizer.props.IdentitySource,
			Line:            authorizer.line,
		}
	}
	return used
}

// invoked gives the function that an integration or an authorizer names in API Gateway's way.
func (l *loader) invoked(r *resource, property, uri string) string {
	before := "arn:aws:apigateway:" + l.options.Region + ":lambda:path/2015-03-31/functions/"
	arn, hasBefore := strings.CutPrefix(uri, before)
	arn, hasAfter := strings.CutSuffix(arn, "/invocations")
	function, ok := named[functionShape](l, arn, "Arn")
	if !hasBefore || !hasAfter || !ok {
		l.refuse(r.lineOf(property), "%s: %s %q is no function of this template: write !Sub %s",
			r.id, property, uri, "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations with its name")
		return ""
	}
	return l.functionName(function)
}
