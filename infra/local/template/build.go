package template

import (
	"path"
	"regexp"
	"strings"
	"time"

	"switchboard/infra/local/schedule"
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

		PageHeaders: l.pageHeaders(),
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
		roleName, statements := l.role(r)
		functions = append(functions, Function{
			Name:        name,
			Runtime:     r.props.Runtime,
			LogicalID:   r.id,
			ARN:         l.arn(r.resource),
			Timeout:     seconds(r.props.Timeout),
			MemoryMB:    r.props.MemorySize,
			Concurrency: r.props.ReservedConcurrentExecutions,
			Environment: l.variables(r),
			RoleName:    roleName,
			Statements:  statements,
			LogGroup:    l.logGroup(r),
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

// logGroup is the ARN of the function's log group.
func (l *loader) logGroup(r found[functionShape]) string {
	if l.foreign || r.props.LoggingConfig.LogGroup == "" {
		return ""
	}
	group, ok := named[logGroupShape](l, r.props.LoggingConfig.LogGroup, "Ref")
	if !ok {
		l.refuse(r.lineOf("LoggingConfig"), "%s: LogGroup %q is no log group of this template: name one by !Ref", r.id, r.props.LoggingConfig.LogGroup)
		return ""
	}
	return l.arn(group.resource)
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
		l.checkExpression(r.lineOf("ScheduleExpression"), r.id, r.props.ScheduleExpression, "", false)
		for _, target := range r.props.Targets {
			schedules = append(schedules, Schedule{
				Name:       l.physicalName(r.resource),
				ARN:        l.arn(r.resource),
				Function:   l.functionOf(r.resource, "Targets", target.Arn),
				Expression: r.props.ScheduleExpression,
				Input:      target.Input,
				Line:       r.line,
			})
		}
	}
	return schedules
}

// checkExpression refuses times that EventBridge would refuse. Rules have no zones and no at(...).
func (l *loader) checkExpression(line int, owner, expression, zone string, scheduler bool) {
	in, err := time.LoadLocation(zone)
	if err != nil {
		l.refuse(line, "%s: %v: name one of the IANA database", owner, err)
		return
	}
	parsed, err := schedule.Parse(expression, in)
	switch {
	case err != nil:
		l.refuse(line, "%s: %v", owner, err)
	case parsed.Once() && !scheduler:
		l.refuse(line, "%s: schedule %q: rules know no at(...): write rate(...) or cron(...)", owner, expression)
	}
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
		id, _ := l.local(r.resource, "Ref")
		pools = append(pools, UserPool{ID: id, LogicalID: r.id, Line: r.line})
	}
	return pools
}

// arn is the resource's ARN, of a type that has one.
func (l *loader) arn(r *resource) string {
	arn, _ := l.local(r, "Arn")
	return arn
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
