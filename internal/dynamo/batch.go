package dynamo

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// batchSize is how many keys a request may name. DynamoDB API Reference, BatchGetItem.
const batchSize = 100

// get fetches the items of the keys, in as few requests as there can be. Expired items
// are left out, and keys without pk ask nothing.
func (s *Store) get(ctx context.Context, consistent bool, keys []key) (map[key]item, error) {
	found := make(map[key]item, len(keys))
	for chunk := range slices.Chunk(distinct(keys), batchSize) {
		if err := s.getChunk(ctx, consistent, chunk, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// distinct drops doubles, which the API refuses.
func distinct(keys []key) []key {
	seen := make(map[key]bool, len(keys))
	var kept []key
	for _, k := range keys {
		if k.pk != "" && !seen[k] {
			seen[k] = true
			kept = append(kept, k)
		}
	}
	return kept
}

func (s *Store) getChunk(ctx context.Context, consistent bool, keys []key, found map[key]item) error {
	asked := map[string]types.KeysAndAttributes{}
	for _, k := range keys {
		t := asked[k.table]
		t.ConsistentRead = aws.Bool(consistent)
		t.Keys = append(t.Keys, k.item())
		asked[k.table] = t
	}
	for try := 1; ; try++ {
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: asked})
		if err != nil {
			return translate(err)
		}
		if err := s.collect(out.Responses, found); err != nil {
			return err
		}
		if len(out.UnprocessedKeys) == 0 {
			return nil
		}
		if try == maxAttempts {
			return chat.AsUnavailable(errors.New("keys stayed unprocessed"))
		}
		if err := wait(ctx, waitAfter(try)); err != nil {
			return translate(err)
		}
		asked = out.UnprocessedKeys
	}
}

func (s *Store) collect(answers map[string][]map[string]types.AttributeValue, found map[key]item) error {
	for table, items := range answers {
		for _, it := range items {
			f := fields{item: it}
			k := key{table, f.text(partition), f.text(sorting)}
			if f.err != nil {
				return f.err
			}
			if !s.expired(it) {
				found[k] = it
			}
		}
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
