package template

import "strings"

const secretType = "AWS::SecretsManager::Secret"

// kind is a resource type: what its properties are and what its attributes look like on this machine.
type kind struct {
	properties func() any        // a new struct of shapes.go
	attributes map[string]string // by Fn::GetAtt's name, and "Ref"; {id} {name} {region} {account} are filled in
}

func of[T any](attributes map[string]string) kind {
	return kind{properties: func() any { return new(T) }, attributes: attributes}
}

// kinds gives every resource type that is understood.
func kinds() map[string]kind {
	return map[string]kind{
		"AWS::ApiGateway::Account": of[accountShape](nil),
		"AWS::ApiGatewayV2::Api": of[apiShape](map[string]string{
			"Ref": "local", "ApiId": "local", "ApiEndpoint": "wss://local.execute-api.{region}.amazonaws.com"}),
		"AWS::ApiGatewayV2::Authorizer":          of[authorizerShape](map[string]string{"Ref": "{id}", "AuthorizerId": "{id}"}),
		"AWS::ApiGatewayV2::Integration":         of[integrationShape](map[string]string{"Ref": "{id}"}),
		"AWS::ApiGatewayV2::Route":               of[routeShape](map[string]string{"Ref": "{id}"}),
		"AWS::ApiGatewayV2::RouteResponse":       of[routeResponseShape](nil),
		"AWS::ApiGatewayV2::Stage":               of[stageShape](nil),
		"AWS::CloudFront::Distribution":          of[distributionShape](map[string]string{"Ref": "{id}", "DomainName": "{id}.cloudfront.net"}),
		"AWS::CloudFront::OriginAccessControl":   of[originAccessShape](map[string]string{"Id": "{id}"}),
		"AWS::CloudFront::ResponseHeadersPolicy": of[headersShape](map[string]string{"Ref": "{id}"}),
		"AWS::Cognito::UserPool": of[userPoolShape](map[string]string{
			"Ref": "{region}_{id}", "Arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{id}"}),
		"AWS::Cognito::UserPoolClient": of[userPoolClientShape](map[string]string{"Ref": "{id}"}),
		"AWS::Cognito::UserPoolDomain": of[userPoolDomainShape](map[string]string{"Ref": "{id}"}),
		"AWS::Cognito::UserPoolGroup":  of[userPoolGroupShape](nil),
		"AWS::DynamoDB::Table": of[tableShape](map[string]string{
			"Ref": "{name}", "Arn": "arn:aws:dynamodb:{region}:{account}:table/{name}"}),
		"AWS::Events::Rule": of[ruleShape](map[string]string{
			"Ref": "{name}", "Arn": "arn:aws:events:{region}:{account}:rule/{name}"}),
		"AWS::IAM::Role": of[roleShape](map[string]string{
			"Ref": "{name}", "Arn": "arn:aws:iam::{account}:role/{name}"}),
		"AWS::Lambda::EventSourceMapping": of[sourceShape](nil),
		"AWS::Lambda::Function": of[functionShape](map[string]string{
			"Ref": "{name}", "Arn": "arn:aws:lambda:{region}:{account}:function:{name}"}),
		"AWS::Lambda::Permission": of[permissionShape](nil),
		"AWS::Lambda::Url": of[urlShape](map[string]string{
			"Ref": "arn:aws:lambda:{region}:{account}:function:{name}", "FunctionUrl": "https://{id}.lambda-url.{region}.on.aws/"}),
		"AWS::Logs::LogGroup": of[logGroupShape](map[string]string{
			"Ref": "{name}", "Arn": "arn:aws:logs:{region}:{account}:log-group:{name}:*"}),
		"AWS::S3::Bucket": of[bucketShape](map[string]string{
			"Ref": "{name}", "Arn": "arn:aws:s3:::{name}", "RegionalDomainName": "{name}.s3.{region}.amazonaws.com"}),
		"AWS::S3::BucketPolicy": of[bucketPolicyShape](nil),
		"AWS::SQS::Queue": of[queueShape](map[string]string{
			"Ref": "https://sqs.{region}.amazonaws.com/{account}/{name}",
			"Arn": "arn:aws:sqs:{region}:{account}:{name}", "QueueName": "{name}"}),
		secretType: of[secretShape](map[string]string{"Ref": "arn:aws:secretsmanager:{region}:{account}:secret:{name}"}),
	}
}

// local gives a resource's attribute, or "Ref", on this machine; false when its type has no such attribute.
func (l *loader) local(r *resource, attribute string) (string, bool) {
	if r.properties == nil {
		return r.id, true // the type itself is refused already
	}
	form, ok := r.kind.attributes[attribute]
	if !ok && l.foreign {
		return r.id + "." + attribute, true // such as a stream's ARN, which nobody here asks
	}
	if !ok {
		return "", false
	}
	if value, given := l.options.Attribute(r.id, r.typeName, attribute); given {
		return value, true
	}
	fill := strings.NewReplacer("{id}", r.id, "{name}", l.physicalName(r),
		"{region}", l.options.Region, "{account}", l.options.AccountID)
	return fill.Replace(form), true
}

// physicalName is the name CloudFormation would make up, without its random end. A foreign template may give one.
func (l *loader) physicalName(r *resource) string {
	if given := l.givenName(r); given != "" {
		return given
	}
	return l.options.StackName + "-" + r.id
}
