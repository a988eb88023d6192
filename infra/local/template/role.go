package template

import (
	"maps"
	"slices"
	"strings"

	"switchboard/infra/local/iam"
)

// role gives the name of the function's role, and what it allows.
func (l *loader) role(r found[functionShape]) (name string, policy iam.Policy) {
	if l.foreign {
		return "", nil
	}
	role, ok := named[roleShape](l, r.props.Role, "Arn")
	if !ok {
		l.refuse(r.lineOf("Role"), "%s: Role %q is no role of this template: write !GetAtt Role.Arn with its name", r.id, r.props.Role)
		return "", nil
	}
	if len(role.props.ManagedPolicyArns) > 0 {
		l.refuse(role.lineOf("ManagedPolicyArns"), "%s: managed policies of a function's role are not understood: write out what it needs under Policies", role.id)
	}
	for _, document := range role.props.Policies {
		for _, s := range document.PolicyDocument.Statement {
			statement := iam.Statement{
				Effect: s.Effect, Actions: s.Action, NotActions: s.NotAction, Resources: s.Resource, NotResources: s.NotResource,
				Conditions: conditions(s.Condition),
			}
			l.checkStatement(role, statement)
			policy = append(policy, statement)
		}
	}
	return l.physicalName(role.resource), policy
}

// conditions are those of a statement, by their operators and keys.
func conditions(written map[string]map[string]list) []iam.Condition {
	var all []iam.Condition
	for _, operator := range slices.Sorted(maps.Keys(written)) {
		for _, key := range slices.Sorted(maps.Keys(written[operator])) {
			all = append(all, iam.Condition{Operator: operator, Key: key, Values: written[operator][key]})
		}
	}
	return all
}

// checkStatement refuses what no function here could ever use: a slip of the pen allows nothing, and on AWS nobody says so.
func (l *loader) checkStatement(role found[roleShape], s iam.Statement) {
	services := []string{"cloudwatch", "cognito-idp", "dynamodb", "execute-api", "logs", "sqs"}
	line := role.lineOf("Policies")
	actions, resources := slices.Concat(s.Actions, s.NotActions), slices.Concat(s.Resources, s.NotResources)
	about := strings.Join(actions, ", ")
	if (len(s.Actions) > 0) == (len(s.NotActions) > 0) {
		l.refuse(line, "%s: a statement has Action or NotAction: write one of them", role.id)
	}
	for _, action := range actions {
		service, name, _ := strings.Cut(action, ":")
		if action != "*" && (!slices.Contains(services, strings.ToLower(service)) || name == "") {
			l.refuse(line, "%s: Action %q is of no service that is understood: use %s, as service:Action", role.id, action, strings.Join(services, ", "))
		}
	}
	switch {
	case len(resources) == 0:
		l.refuse(line, "%s: a statement for %s lacks Resource: say on what", role.id, about)
	case len(s.Resources) > 0 && len(s.NotResources) > 0:
		l.refuse(line, "%s: the statement for %s has Resource and NotResource: write one of them", role.id, about)
	}
	for _, resource := range resources {
		if resource != "*" && !strings.HasPrefix(resource, "arn:") {
			l.refuse(line, "%s: Resource %q is no ARN: write !GetAtt Name.Arn, or !Sub with one", role.id, resource)
		}
		if strings.Contains(resource, "${") {
			l.refuse(line, "%s: Resource %q has a policy variable, which is not understood: write the ARN out", role.id, resource)
		}
	}
	for _, condition := range s.Conditions {
		if err := condition.Check(); err != nil {
			l.refuse(line, "%s: the statement for %s: %v", role.id, about, err)
		}
	}
}
