package template

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// What Lambda and SAM take when the template is silent (Lambda API reference, CreateFunction: 3 seconds, 128 MB).
const (
	defaultTimeout = 3
	defaultMemory  = 128
)

// What Lambda takes (Lambda quotas: function timeout in seconds, function memory in MB), as shapes.go has it for our own template.
const (
	minTimeout, maxTimeout = 1, 900
	minMemory, maxMemory   = 128, 10240
)

func (l *loader) buildForeign() *Template {
	t := &Template{
		API:       l.foreignAPI(),
		Functions: l.foreignFunctions(),
		Tables:    slices.Concat(l.foreignTables(), l.simpleTables()),
		Queues:    l.queues(),
		Secrets:   l.secrets(),
	}
	for _, r := range all[sourceShape](l) {
		if r.props.Enabled != nil && !*r.props.Enabled {
			l.note(r.lineOf("Enabled"), "%s: it is not enabled, and calls nobody here", r.id)
			continue
		}
		l.addSource(t, r.resource, "EventSourceArn", r.props.EventSourceArn, Source{
			Function: l.functionOf(r.resource, "FunctionName", r.props.FunctionName), BatchSize: r.props.BatchSize, Line: r.line,
			BatchingWindow:          seconds(r.props.MaximumBatchingWindowInSeconds),
			MaximumConcurrency:      r.props.ScalingConfig.MaximumConcurrency,
			ReportBatchItemFailures: len(r.props.FunctionResponseTypes) > 0,
		})
	}
	for _, r := range all[ruleShape](l) {
		l.addRule(t, r)
	}
	for _, r := range all[schedulerShape](l) {
		l.addScheduler(t, r)
	}
	for _, r := range all[functionShape](l) {
		for _, name := range slices.Sorted(maps.Keys(r.props.Events)) {
			l.addEvent(t, r, name, r.props.Events[name])
		}
	}
	return t
}

func (l *loader) foreignFunctions() []Function {
	var functions []Function
	for _, r := range all[functionShape](l) {
		l.checkRange(r.resource, "MemorySize", cmp.Or(r.props.MemorySize, defaultMemory), minMemory, maxMemory)
		l.checkRange(r.resource, "Timeout", cmp.Or(r.props.Timeout, defaultTimeout), minTimeout, maxTimeout)
		if r.property("ReservedConcurrentExecutions") != nil && r.props.ReservedConcurrentExecutions == 0 {
			l.note(r.lineOf("ReservedConcurrentExecutions"), "%s: nothing may call it on AWS, where none of its executions may run at once; here it may be called", r.id)
		}
		functions = append(functions, Function{
			Name:        r.id,
			LogicalID:   r.id,
			Runtime:     r.props.Runtime,
			Code:        l.code(r.resource),
			ARN:         l.arn(r.resource),
			Timeout:     seconds(cmp.Or(r.props.Timeout, defaultTimeout)),
			MemoryMB:    cmp.Or(r.props.MemorySize, defaultMemory),
			Concurrency: r.props.ReservedConcurrentExecutions,
			Environment: l.variables(r),
			Line:        r.line,
		})
	}
	return functions
}

// checkRange refuses a number that AWS would refuse.
func (l *loader) checkRange(r *resource, property string, n, low, high int) {
	if n < low || n > high {
		l.refuse(r.lineOf(property), "%s: %s is %d: it must be from %d to %d", r.id, property, n, low, high)
	}
}

// code is the path that a function's CodeUri or Code names; "" where it names a bucket or an image, or holds the code itself.
func (l *loader) code(r *resource) string {
	written := r.property("CodeUri", "Code")
	if written == nil {
		return ""
	}
	path := l.resolve(written, r.id)
	if path.Kind != yaml.ScalarNode || strings.Contains(path.Value, "://") {
		return ""
	}
	return path.Value
}

// foreignTables are the tables, whose global indexes are made and whose local ones are not.
func (l *loader) foreignTables() []Table {
	for _, r := range all[tableShape](l) {
		for _, property := range []string{"LocalSecondaryIndexes", "StreamSpecification", "GlobalTableSettings"} {
			if r.property(property) != nil {
				l.note(r.lineOf(property), "%s: %s is not imitated", r.id, property)
			}
		}
		if r.props.TimeToLiveSpecification.AttributeName != "" {
			l.note(r.lineOf("TimeToLiveSpecification"), "%s: items outlive their %s here", r.id, r.props.TimeToLiveSpecification.AttributeName)
		}
	}
	return l.tables()
}

func (l *loader) simpleTables() []Table {
	var tables []Table
	for _, r := range all[simpleTableShape](l) {
		types := map[string]string{"": "S", "String": "S", "Number": "N", "Binary": "B"}
		key := Key{Name: cmp.Or(r.props.PrimaryKey.Name, "id"), Type: types[r.props.PrimaryKey.Type]}
		if key.Type == "" {
			l.refuse(r.lineOf("PrimaryKey"), "%s: PrimaryKey is of type %q: it must be String, Number or Binary", r.id, r.props.PrimaryKey.Type)
		}
		tables = append(tables, Table{
			Name: l.physicalName(r.resource), LogicalID: r.id, ARN: l.arn(r.resource), KeySchema: KeySchema{Hash: key}, Line: r.line,
		})
	}
	return tables
}

// addSource adds a source of a queue of this template; a stream or topic has no part in a run.
func (l *loader) addSource(t *Template, r *resource, property, arn string, source Source) {
	queue, ok := named[queueShape](l, arn, "Arn")
	if !ok {
		l.note(r.lineOf(property), "%s: nothing is fed from %s: only queues of this template are", r.id, arn)
		return
	}
	source.Queue, _ = l.local(queue.resource, "QueueName")
	t.Sources = append(t.Sources, source)
}

// addEvent adds what one of a SAM function's Events calls it with.
func (l *loader) addEvent(t *Template, r found[functionShape], name string, e eventShape) {
	p := e.Properties
	disabled := p.Enabled != nil && !*p.Enabled || p.State == "DISABLED"
	switch {
	case e.Type == "SQS" && !disabled:
		l.addSource(t, r.resource, "Events", p.Queue, Source{
			Function: r.id, BatchSize: p.BatchSize, BatchingWindow: time.Duration(p.MaximumBatchingWindowInSeconds) * time.Second,
			MaximumConcurrency:      p.ScalingConfig.MaximumConcurrency,
			ReportBatchItemFailures: len(p.FunctionResponseTypes) > 0, Line: r.line,
		})
	case e.Type == "Schedule" && !disabled:
		l.addSchedule(t, r.lineOf("Events"), Schedule{
			Name: cmp.Or(p.Name, l.options.StackName+"-"+r.id+name), Function: r.id, Expression: p.Schedule, Input: p.Input, Line: r.line,
		})
	case e.Type == "ScheduleV2" && !disabled:
		l.noteLeftOut(r.lineOf("Events"), r.id+name, p.timeWindow)
		l.addSchedule(t, r.lineOf("Events"), Schedule{
			Name: cmp.Or(p.Name, l.options.StackName+"-"+r.id+name), Function: r.id, Expression: p.ScheduleExpression,
			Scheduler: true, Zone: p.ScheduleExpressionTimezone, Input: p.Input, Line: r.line,
		})
	default:
		l.note(r.lineOf("Events"), "%s: event %s of type %s calls nobody here", r.id, name, e.Type)
	}
}
