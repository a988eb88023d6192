package template

// The resource types of SAM, and what of other types only a foreign template has. Tags as in shapes.go.

// webSocketShape is an AWS::Serverless::WebSocketApi: an API with its stage, routes, integrations and authorizer in one.
type webSocketShape struct {
	RouteSelectionExpression string
	StageName                string
	StageVariables           map[string]string
	DefaultRouteSettings     routeSettings
	RouteSettings            map[string]routeSettings
	Auth                     struct {
		AuthType       string
		AuthArn        string
		IdentitySource list
	}
	Routes map[string]struct {
		FunctionArn                      string
		IntegrationTimeout               int
		RouteResponseSelectionExpression string
	}
}

// eventShape is one of a SAM function's Events: what calls it, besides the API.
type eventShape struct {
	Type       string
	Properties struct {
		Queue                          string
		BatchSize                      int
		MaximumBatchingWindowInSeconds int
		FunctionResponseTypes          list
		ScalingConfig                  struct{ MaximumConcurrency int }
		Schedule                       string // of type Schedule
		Enabled                        *bool
		Name, Input, State             string
		ScheduleExpression             string // of type ScheduleV2
		ScheduleExpressionTimezone     string

		timeWindow
	}
}

// schedulerShape is a schedule of EventBridge Scheduler.
type schedulerShape struct {
	ScheduleExpression         string
	ScheduleExpressionTimezone string
	State                      string
	GroupName                  string
	Target                     struct{ Arn, Input string }

	timeWindow
}

// timeWindow is what of EventBridge Scheduler is not minded.
type timeWindow struct {
	StartDate, EndDate string
	FlexibleTimeWindow struct{ Mode string }
}

type simpleTableShape struct {
	PrimaryKey struct{ Name, Type string }
}

type deploymentShape struct {
	ApiId, StageName string
}

// unusedShape is of types that may be named by others and have no part in a run.
type unusedShape struct{}

// kinds gives the resource types that the loader understands.
func (l *loader) kinds() map[string]kind {
	all := kinds()
	if !l.foreign {
		return all
	}
	for _, name := range []string{
		"AWS::ApiGateway::Account", "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolDomain",
		"AWS::Cognito::UserPoolGroup", "AWS::CloudFront::Distribution", "AWS::CloudFront::OriginAccessControl",
		"AWS::CloudFront::ResponseHeadersPolicy", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::IAM::Role", "AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Logs::LogGroup",
	} {
		all[name] = of[unusedShape](all[name].attributes)
	}
	api := map[string]string{"Ref": "{id}", "ApiId": "{id}", "ApiEndpoint": "wss://{id}.execute-api.{region}.amazonaws.com"}
	all["AWS::ApiGatewayV2::Api"] = of[apiShape](api)
	all["AWS::ApiGatewayV2::Deployment"] = of[deploymentShape](map[string]string{"Ref": "{id}", "DeploymentId": "{id}"})
	all["AWS::ApiGatewayV2::Stage"] = of[stageShape](map[string]string{"Ref": "{name}"})
	all["AWS::IAM::Policy"] = of[unusedShape](nil)
	all["AWS::IAM::ManagedPolicy"] = of[unusedShape](nil)
	all["AWS::Scheduler::Schedule"] = of[schedulerShape](map[string]string{
		"Ref": "{name}", "Arn": "arn:aws:scheduler:{region}:{account}:schedule/default/{name}"})
	all["AWS::Serverless::Function"] = all["AWS::Lambda::Function"]
	all["AWS::Serverless::SimpleTable"] = of[simpleTableShape](all["AWS::DynamoDB::Table"].attributes)
	all["AWS::Serverless::WebSocketApi"] = of[webSocketShape](api)
	return all
}
