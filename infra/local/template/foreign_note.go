package template

import (
	"reflect"
	"slices"
)

// withoutEffect are properties that change nothing of what a run here could show, and names and rights, of which infra/local/README.md speaks once.
var withoutEffect = map[string]bool{
	"Architectures": true, "BillingMode": true, "DeletionProtectionEnabled": true, "Description": true, "Handler": true, "KmsMasterKeyId": true,
	"LoggingConfig": true, "Name": true, "PackageType": true, "PermissionsBoundary": true, "PointInTimeRecoverySpecification": true, "Policies": true,
	"PropagateTags": true, "Role": true, "RoleArn": true, "RolePath": true, "SSESpecification": true, "SqsManagedSseEnabled": true, "TableClass": true,
	"Tags": true, "Tracing": true, "TracingConfig": true, "AutoDeploy": true, "DeploymentId": true, "OperationName": true, "CodeUri": true, "InlineCode": true,
	"StageName": true, "TableName": true, "QueueName": true, "FunctionName": true,
}

// noteUnknown says that a property of a resource has no part in a run, or was never one.
func (l *loader) noteUnknown(e entry, shape reflect.Type, at place) {
	ofResource := slices.ContainsFunc(l.resources, func(r *resource) bool { return r.id == at.owner })
	if !ofResource || withoutEffect[e.key] || shape == reflect.TypeFor[unusedShape]() {
		return
	}
	l.note(e.line, "%s: %s is not imitated", at.owner, e.key)
}
