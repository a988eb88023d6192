package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"switchboard/infra/local/gateway"
	"switchboard/infra/local/gateway/conformance/suite"
)

// object is one of a CloudFormation template in JSON.
type object map[string]any

func ref(id string) object      { return object{"Ref": id} }
func sub(text string) object    { return object{"Fn::Sub": text} }
func getArn(id string) object   { return object{"Fn::GetAtt": []string{id, "Arn"}} }
func label(stage string) string { return strings.ToUpper(stage[:1]) + stage[1:] }
func address(stage string) object {
	return sub("wss://${" + label(stage) + "}.execute-api.${AWS::Region}.${AWS::URLSuffix}/dev")
}

// printTemplate prints a CloudFormation template of the stages that can be had in AWS, with this
// program, built as bootstrap, behind all routes. Its outputs are the addresses.
func printTemplate(out io.Writer) error {
	outputs := object{}
	resources := object{
		"Role": resource("AWS::IAM::Role", object{
			"AssumeRolePolicyDocument": policy(object{"Effect": "Allow", "Principal": object{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}),
			"ManagedPolicyArns":        []object{sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")},
			"Policies": []object{{"PolicyName": "post", "PolicyDocument": policy(object{
				"Effect": "Allow", "Action": "execute-api:ManageConnections", "Resource": sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:*/dev/*/@connections/*"),
			})}},
		}),
		"Function": resource("AWS::Lambda::Function", object{
			"Runtime": "provided.al2023", "Handler": "bootstrap", "Architectures": []string{"arm64"}, "Timeout": 10, "MemorySize": 512, "Role": getArn("Role"),
			"Code":        object{"S3Bucket": ref("CodeBucket"), "S3Key": ref("CodeKey")},
			"Environment": object{"Variables": object{"CONFORMANCE_GUARDED": address(suite.Guarded)}},
		}),
	}
	for name, change := range localStages() {
		if name == suite.Rationed {
			continue // an account's rates are everybody's
		}
		cfg := gateway.Config{API: basicAPI()}
		change(&cfg)
		addStage(resources, label(name), cfg.API)
		outputs[label(name)] = object{"Value": address(name)}
	}
	text, err := json.MarshalIndent(object{
		"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, "Outputs": outputs,
		"Parameters": object{"CodeBucket": object{"Type": "String"}, "CodeKey": object{"Type": "String"}},
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode template: %w", err)
	}
	_, err = fmt.Fprintln(out, string(text))
	return err
}

// addStage adds the resources of one API with its stage. Their names begin with id, the API's.
func addStage(resources object, id string, api gateway.API) {
	add := func(name, kind string, properties object) string {
		if !strings.HasSuffix(kind, "::Permission") {
			properties["ApiId"] = ref(id)
		}
		resources[id+name] = resource(kind, properties)
		return id + name
	}
	uri := sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations")
	resources[id] = resource("AWS::ApiGatewayV2::Api", object{
		"Name": ref("AWS::StackName"), "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": api.RouteSelection,
	})
	add("Permission", "AWS::Lambda::Permission", object{
		"Action": "lambda:InvokeFunction", "FunctionName": ref("Function"), "Principal": "apigateway.amazonaws.com",
		"SourceArn": sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${" + id + "}/*"),
	})
	if api.Authorizer != nil {
		add("Authorizer", "AWS::ApiGatewayV2::Authorizer", object{
			"Name": "recorder", "AuthorizerType": "REQUEST", "AuthorizerUri": uri, "IdentitySource": slices.Concat([]string{}, api.Authorizer.IdentitySources),
		})
	}
	var routes []string
	settings := object{}
	for n, r := range api.Routes {
		timeout := 29_000
		if r.Timeout != 0 {
			timeout = int(r.Timeout / time.Millisecond)
		}
		integration := add(fmt.Sprintf("Integration%d", n), "AWS::ApiGatewayV2::Integration", object{
			"IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "TimeoutInMillis": timeout,
		})
		properties := object{"RouteKey": r.Key, "Target": sub("integrations/${" + integration + "}")}
		if r.Key == "$connect" && api.Authorizer != nil {
			maps.Copy(properties, object{"AuthorizationType": "CUSTOM", "AuthorizerId": ref(id + "Authorizer")})
		}
		route := add(fmt.Sprintf("Route%d", n), "AWS::ApiGatewayV2::Route", properties)
		routes = append(routes, route)
		if r.TwoWay {
			properties["RouteResponseSelectionExpression"] = "$default"
			routes = append(routes, add(fmt.Sprintf("Response%d", n), "AWS::ApiGatewayV2::RouteResponse", object{"RouteId": ref(route), "RouteResponseKey": "$default"}))
		}
		if r.RateLimit > 0 {
			settings[r.Key] = throttleOf(r.RateLimit, r.BurstLimit)
		}
	}
	stage := object{"StageName": api.Stage, "AutoDeploy": true, "StageVariables": api.StageVariables, "RouteSettings": settings}
	if api.RateLimit > 0 {
		stage["DefaultRouteSettings"] = throttleOf(api.RateLimit, api.BurstLimit)
	}
	add("Stage", "AWS::ApiGatewayV2::Stage", stage)
	resources[id+"Stage"].(object)["DependsOn"] = routes
}

func resource(kind string, properties object) object {
	maps.DeleteFunc(properties, func(_ string, value any) bool {
		switch value := value.(type) {
		case object:
			return len(value) == 0
		case map[string]string:
			return len(value) == 0
		case []string:
			return len(value) == 0
		}
		return false
	})
	return object{"Type": kind, "Properties": properties}
}

func policy(statement object) object {
	return object{"Version": "2012-10-17", "Statement": []object{statement}}
}

func throttleOf(rate float64, burst int) object {
	return object{"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
}
