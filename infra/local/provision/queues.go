package provision

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

// Queues makes the queues, which must not be there yet.
func Queues(ctx context.Context, client *sqs.Client, queues []template.Queue) error {
	for _, queue := range deadLettersFirst(queues) {
		attributes, err := attributesOf(queue, queues)
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

func attributesOf(queue template.Queue, queues []template.Queue) (map[string]string, error) {
	attributes := map[string]string{
		string(types.QueueAttributeNameVisibilityTimeout):      seconds(queue.VisibilityTimeout),
		string(types.QueueAttributeNameMessageRetentionPeriod): seconds(queue.Retention),
	}
	for _, letters := range queues {
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
