package template

import "time"

// What SQS takes when the template is silent (SQS SetQueueAttributes: 30 seconds, 4 days).
const (
	defaultVisibility = 30 * time.Second
	defaultRetention  = 4 * 24 * time.Hour
)

func (l *loader) queues() []Queue {
	var queues []Queue
	for _, r := range all[queueShape](l) {
		url, _ := l.local(r.resource, "Ref")
		name, _ := l.local(r.resource, "QueueName")
		queue := Queue{
			Name:              name,
			LogicalID:         r.id,
			URL:               url,
			ARN:               l.arn(r.resource),
			VisibilityTimeout: secondsOr(r.props.VisibilityTimeout, defaultVisibility),
			Retention:         secondsOr(r.props.MessageRetentionPeriod, defaultRetention),
			MaxReceiveCount:   r.props.RedrivePolicy.MaxReceiveCount,
			Line:              r.line,
		}
		if queue.MaxReceiveCount > 0 {
			queue.DeadLetter = l.queueOf(r.resource, "RedrivePolicy", r.props.RedrivePolicy.DeadLetterTargetArn)
		}
		queues = append(queues, queue)
	}
	return queues
}

// queueOf gives the name of the queue with this ARN.
func (l *loader) queueOf(r *resource, property, arn string) string {
	queue, ok := named[queueShape](l, arn, "Arn")
	if !ok {
		l.refuse(r.lineOf(property), "%s: %s %q is no queue of this template: write !GetAtt Queue.Arn with its name", r.id, property, arn)
		return ""
	}
	name, _ := l.local(queue.resource, "QueueName")
	return name
}

func (l *loader) sources() []Source {
	var sources []Source
	for _, r := range all[sourceShape](l) {
		sources = append(sources, Source{
			Function:                l.functionOf(r.resource, "FunctionName", r.props.FunctionName),
			Queue:                   l.queueOf(r.resource, "EventSourceArn", r.props.EventSourceArn),
			BatchSize:               r.props.BatchSize,
			MaximumConcurrency:      r.props.ScalingConfig.MaximumConcurrency,
			BatchingWindow:          seconds(r.props.MaximumBatchingWindowInSeconds),
			ReportBatchItemFailures: len(r.props.FunctionResponseTypes) > 0,
			Line:                    r.line,
		})
	}
	return sources
}

func secondsOr(n *int, otherwise time.Duration) time.Duration {
	if n == nil {
		return otherwise
	}
	return seconds(*n)
}
