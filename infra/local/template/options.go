package template

import (
	"crypto/sha256"
	"encoding/hex"
)

// Options say what the template's values are on this machine. The zero value gives the template's own defaults and
// the same made-up names each time.
type Options struct {
	// Parameters by name, over the template's defaults. A String without a default that is not given here is "local":
	// it says where a deployment keeps its things, such as the bucket of its code.
	Parameters map[string]string
	Region     string // "us-east-1" when empty
	AccountID  string // "000000000000" when empty
	StackName  string // "switchboard-dev" when empty; physical names are StackName-LogicalID
	// Imports are the values of other stacks' exports, for LoadForeign. What is not given is the export's own name.
	Imports map[string]string
	// Attribute gives a value in place of the made-up one of Ref (attribute "Ref") or Fn::GetAtt; false leaves that.
	// The same question must have the same answer throughout a Load. Nil gives none.
	Attribute func(logicalID, resourceType, attribute string) (string, bool)
	// Secret gives a secret's text. When nil it is 64 hexadecimal digits that anyone can compute: enough for tests only.
	Secret func(logicalID string) string
}

func (o Options) orDefaults() Options {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.AccountID == "" {
		o.AccountID = "000000000000"
	}
	if o.StackName == "" {
		o.StackName = "switchboard-dev"
	}
	if o.Attribute == nil {
		o.Attribute = func(string, string, string) (string, bool) { return "", false }
	}
	if o.Secret == nil {
		name := o.StackName
		o.Secret = func(logicalID string) string {
			sum := sha256.Sum256([]byte(name + "-" + logicalID))
			return hex.EncodeToString(sum[:])
		}
	}
	return o
}

// pseudo gives CloudFormation's own parameters.
func (o Options) pseudo() map[string]string {
	return map[string]string{
		"AWS::AccountId": o.AccountID,
		"AWS::Partition": "aws",
		"AWS::Region":    o.Region,
		"AWS::StackId":   "arn:aws:cloudformation:" + o.Region + ":" + o.AccountID + ":stack/" + o.StackName + "/local",
		"AWS::StackName": o.StackName,
		"AWS::URLSuffix": "amazonaws.com",
	}
}
