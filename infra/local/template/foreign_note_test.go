package template_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/template"
)

func TestLoadForeignNamesWhatItPassesOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "template.yaml")
	const text = `Transform: AWS::Serverless-2016-10-31
Parameters:
  Size: {Type: Number, Default: 1, NoEcho: true}
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes: {$default: {FunctionArn: !GetAtt Say.Arn}}
      DisableExecuteApiEndpoint: true
  Say:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bootstrap
      Runtime: provided.al2023
      CodeUri: say/
      Tags: {of: us}
      Environs: {Variables: {KEY: k}}
      Layers: [a]
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
      TimeToLiveSpecification: {AttributeName: until, Enabled: true}
  Trust:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}, MaxSessionDuration: 3600}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{
		path + ":10: Chat: DisableExecuteApiEndpoint is not imitated",
		path + ":18: Say: Environs is not imitated",
		path + ":19: Say: Layers is not imitated",
		path + ":26: People: items outlive their until here",
	}
	got := loadForeign(t, path, template.Options{StackName: "chat"})
	if diff := cmp.Diff(want, got.Notes); diff != "" {
		t.Errorf("Notes (-want +got):\n%s", diff)
	}
}
