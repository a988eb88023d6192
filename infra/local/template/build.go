package template

import (
	"path"
	"regexp"
	"strings"
	"time"
)

func (l *loader) build() *Template {
	return &Template{
		API:       l.api(),
		Functions: l.functions(),
		Tables:    l.tables(),
		Queues:    l.queues(),
		Sources:   l.sources(),
		Schedules: l.schedules(),
		Secrets:   l.secrets(),
		UserPools: l.userPools(),
	}
}

func (l *loader) functions() []Function {
	var functions []Function
	first := map[string]string{}
	for _, r := range all[functionShape](l) {
		name := l.functionName(r)
		if !regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(name) {
			l.refuse(r.lineOf("Code"), "%s: S3Key %q does not name a folder under lambdas/: end it with the folder's name and .zip", r.id, r.props.Code.S3Key)
		}
		if other, twice := first[name]; twice {
			l.refuse(r.lineOf("Code"), "%s: its zip is %s.zip, as that of %s: give each function its own", r.id, name, other)
		}
		first[name] = r.id
		functions = append(functions, Function{
			Name:        name,
			Runtime:     r.props.Runtime,
			LogicalID:   r.id,
			ARN:         l.arn(r.resource),
			Timeout:     seconds(r.props.Timeout),
			MemoryMB:    r.props.MemorySize,
			Environment: r.props.Environment.Variables,
			Statements:  l.statements(r),
			Line:        r.line,
		})
	}
	return functions
}

// functionName is the name of the folder under lambdas/ that the zip is made from; "" when the key does not say it.
func (l *loader) functionName(r found[functionShape]) string {
	if l.foreign {
		return r.id
	}
	name, isZip := strings.CutSuffix(path.Base(r.props.Code.S3Key), ".zip")
	if !isZip {
		return ""
	}
	return name
}

// statements gives what the function's role allows.
func (l *loader) statements(r found[functionShape]) []Statement {
	role, ok := named[roleShape](l, r.props.Role, "Arn")
	if !ok {
		l.refuse(r.lineOf("Role"), "%s: Role %q is no role of this template: write !GetAtt Role.Arn with its name", r.id, r.props.Role)
		return nil
	}
	if len(role.props.ManagedPolicyArns) > 0 {
		l.refuse(role.lineOf("ManagedPolicyArns"), "%s: managed policies of a function's role are not understood: write out what it needs under Policies", role.id)
	}
	var statements []Statement
	for _, policy := range role.props.Policies {
		for _, s := range policy.PolicyDocument.Statement {
			statements = append(statements, Statement{s.Effect, s.Action, s.Resource})
		}
	}
	return statements
}

// functionOf gives the name of the function with this ARN or physical name.
func (l *loader) functionOf(r *resource, property, value string) string {
	function, ok := named[functionShape](l, value, "Arn", "Ref")
	if !ok {
		l.refuse(r.lineOf(property), "%s: %s %q is no function of this template: name one by !Ref or !GetAtt", r.id, property, value)
		return ""
	}
	return l.functionName(function)
}

func (l *loader) schedules() []Schedule {
	var schedules []Schedule
	for _, r := range all[ruleShape](l) {
		for _, target := range r.props.Targets {
			schedules = append(schedules, Schedule{
				Name:       l.physicalName(r.resource),
				ARN:        l.arn(r.resource),
				Function:   l.functionOf(r.resource, "Targets", target.Arn),
				Expression: r.props.ScheduleExpression,
				Line:       r.line,
			})
		}
	}
	return schedules
}

func (l *loader) secrets() []Secret {
	var secrets []Secret
	for _, r := range all[secretShape](l) {
		arn, _ := l.local(r.resource, "Ref")
		secrets = append(secrets, Secret{Name: l.physicalName(r.resource), LogicalID: r.id, ARN: arn, Line: r.line})
	}
	return secrets
}

func (l *loader) userPools() []UserPool {
	var pools []UserPool
	for _, r := range all[userPoolShape](l) {
		pools = append(pools, UserPool{LogicalID: r.id, Line: r.line})
	}
	return pools
}

// arn is the resource's ARN, of a type that has one.
func (l *loader) arn(r *resource) string {
	arn, _ := l.local(r, "Arn")
	return arn
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
