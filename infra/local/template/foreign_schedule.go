package template

import "cmp"

func (l *loader) addRule(t *Template, r found[ruleShape]) {
	if r.props.ScheduleExpression == "" || r.props.State == "DISABLED" {
		l.note(r.line, "%s: the rule calls nobody: only enabled schedules do", r.id)
		return
	}
	for _, target := range r.props.Targets {
		function, ok := named[functionShape](l, target.Arn, "Arn")
		if !ok {
			l.note(r.lineOf("Targets"), "%s: target %s is not called: only functions of this template are", r.id, target.Arn)
			continue
		}
		l.addSchedule(t, r.lineOf("ScheduleExpression"), Schedule{
			Name: l.physicalName(r.resource), Function: function.id, Expression: r.props.ScheduleExpression, Input: target.Input, Line: r.line,
		})
	}
}

func (l *loader) addScheduler(t *Template, r found[schedulerShape]) {
	function, ok := named[functionShape](l, r.props.Target.Arn, "Arn")
	if !ok || r.props.State == "DISABLED" {
		l.note(r.line, "%s: the schedule calls nobody: only enabled ones do, and only functions of this template", r.id)
		return
	}
	l.noteLeftOut(r.line, r.id, r.props.timeWindow)
	l.addSchedule(t, r.lineOf("ScheduleExpression"), Schedule{
		Name: l.physicalName(r.resource), ARN: l.schedulerARN(r.props.GroupName, l.physicalName(r.resource)), Function: function.id,
		Expression: r.props.ScheduleExpression, Scheduler: true, Zone: r.props.ScheduleExpressionTimezone, Input: r.props.Target.Input, Line: r.line,
	})
}

// addSchedule adds a schedule whose times are in order, and makes up its ARN where it has none.
func (l *loader) addSchedule(t *Template, line int, s Schedule) {
	l.checkExpression(line, s.Name, s.Expression, s.Zone, s.Scheduler)
	switch {
	case s.ARN != "":
	case s.Scheduler:
		s.ARN = l.schedulerARN("", s.Name)
	default:
		s.ARN = "arn:aws:events:" + l.options.Region + ":" + l.options.AccountID + ":rule/" + s.Name
	}
	t.Schedules = append(t.Schedules, s)
}

func (l *loader) schedulerARN(group, name string) string {
	return "arn:aws:scheduler:" + l.options.Region + ":" + l.options.AccountID + ":schedule/" + cmp.Or(group, "default") + "/" + name
}

// noteLeftOut says what of EventBridge Scheduler a run does without.
func (l *loader) noteLeftOut(line int, owner string, w timeWindow) {
	if w.StartDate != "" || w.EndDate != "" {
		l.note(line, "%s: StartDate and EndDate are not minded: it calls from now on", owner)
	}
	if w.FlexibleTimeWindow.Mode == "FLEXIBLE" {
		l.note(line, "%s: its time window is not flexible here: it calls at its beginning", owner)
	}
}
