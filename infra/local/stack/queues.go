package stack

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"switchboard/infra/local/template"
)

// createQueues makes the template's queues. The child has none when it starts, and after each restart.
func (s *Stack) createQueues(ctx context.Context, url string) error {
	client := sqs.NewFromConfig(s.AWS(), func(o *sqs.Options) { o.BaseEndpoint = &url })
	for _, queue := range deadLettersFirst(s.Template.Queues) {
		attributes, err := s.queueAttributes(queue)
		if err != nil {
			return fmt.Errorf("queue %s: %w", queue.Name, err)
		}
		if _, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &queue.Name, Attributes: attributes}); err != nil {
			return fmt.Errorf("create queue %s: %w", queue.Name, err)
		}
	}
	return nil
}

// deadLettersFirst puts the queues that others redrive to before those.
func deadLettersFirst(queues []template.Queue) []template.Queue {
	return slices.SortedStableFunc(slices.Values(queues), func(a, b template.Queue) int {
		return cmp.Compare(a.DeadLetter, b.DeadLetter) // "" sorts first
	})
}

func (s *Stack) queueAttributes(queue template.Queue) (map[string]string, error) {
	attributes := map[string]string{
		string(types.QueueAttributeNameVisibilityTimeout):      seconds(queue.VisibilityTimeout),
		string(types.QueueAttributeNameMessageRetentionPeriod): seconds(queue.Retention),
	}
	for _, letters := range s.Template.Queues {
		if queue.DeadLetter == "" || letters.Name != queue.DeadLetter {
			continue
		}
		policy, err := json.Marshal(map[string]any{"deadLetterTargetArn": letters.ARN, "maxReceiveCount": queue.MaxReceiveCount})
		if err != nil {
			return nil, fmt.Errorf("write redrive policy: %w", err)
		}
		attributes[string(types.QueueAttributeNameRedrivePolicy)] = string(policy)
	}
	return attributes, nil
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
