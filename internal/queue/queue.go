// Package queue hands jobs to the fan-out function through SQS.
//
// A message is one job in JSON, in SQS's standard queue: it may come twice, late and in
// any order, which jobs are made for.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"switchboard/internal/chat"
)

var _ chat.Queue = (*Queue)(nil)

const (
	maxDelay   = 15 * time.Minute // SQS quota "Message timer"
	batchJobs  = 10               // SQS quota "Batched message"
	batchBytes = 1 << 20          // SQS quota "Message size", for a batch as a whole too
	jobTargets = 1000             // ids in a job: 20 to 70 KB, so that jobs stay quick to do again
)

// Queue is one SQS queue. It is safe for concurrent use.
type Queue struct {
	client *sqs.Client
	url    string
}

// New makes a Queue of a queue's URL, without asking anything of it.
func New(client *sqs.Client, url string) *Queue { return &Queue{client: client, url: url} }

// Enqueue sends the jobs, ten to a request, and splits those for more than 1,000
// connections. Delays are rounded up to seconds. After an error some of the jobs may
// have been taken; its CodeOf is Unavailable when trying again can help.
func (q *Queue) Enqueue(ctx context.Context, delay time.Duration, jobs ...chat.Job) error {
	if delay < 0 || delay > maxDelay {
		return fmt.Errorf("enqueue jobs: a delay of %v is not from 0 to %v", delay, maxDelay)
	}
	batches, err := pack(split(jobs), int32((delay+time.Second-1)/time.Second))
	if err != nil {
		return fmt.Errorf("enqueue jobs: %w", err)
	}
	for _, batch := range batches {
		if err := q.send(ctx, batch); err != nil {
			return classify(fmt.Errorf("enqueue jobs: %w", err))
		}
	}
	return nil
}

// split makes several jobs of one that names more connections than a job should.
func split(jobs []chat.Job) []chat.Job {
	var parts []chat.Job
	for _, job := range jobs {
		if len(job.Only) <= jobTargets {
			parts = append(parts, job)
			continue
		}
		for ids := range slices.Chunk(job.Only, jobTargets) {
			part := job
			part.Only = ids
			parts = append(parts, part)
		}
	}
	return parts
}

type batch []types.SendMessageBatchRequestEntry

// pack puts jobs into as few requests as SQS allows.
func pack(jobs []chat.Job, delay int32) ([]batch, error) {
	var batches []batch
	size := 0
	for _, job := range jobs {
		body, err := json.Marshal(job)
		if err != nil {
			return nil, fmt.Errorf("encode job: %w", err)
		}
		if last := len(batches) - 1; last < 0 || len(batches[last]) == batchJobs || size+len(body) > batchBytes {
			batches, size = append(batches, nil), 0
		}
		b := &batches[len(batches)-1]
		*b = append(*b, types.SendMessageBatchRequestEntry{
			Id:           aws.String(strconv.Itoa(len(*b))),
			MessageBody:  aws.String(string(body)),
			DelaySeconds: delay,
		})
		size += len(body)
	}
	return batches, nil
}

// send sends a batch, and once more what SQS did not take of it.
func (q *Queue) send(ctx context.Context, b batch) error {
	failed, err := q.try(ctx, b)
	if err != nil || len(failed) == 0 {
		return err
	}
	failed, err = q.try(ctx, slices.DeleteFunc(b, func(e types.SendMessageBatchRequestEntry) bool {
		return !slices.ContainsFunc(failed, func(f types.BatchResultErrorEntry) bool {
			return aws.ToString(f.Id) == aws.ToString(e.Id)
		})
	}))
	if err != nil || len(failed) == 0 {
		return err
	}
	return &refusedError{count: len(failed), first: failed[0]}
}

func (q *Queue) try(ctx context.Context, b batch) ([]types.BatchResultErrorEntry, error) {
	out, err := q.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: b})
	if err != nil {
		return nil, err
	}
	return out.Failed, nil
}

// refusedError says that SQS took a batch without some of its messages, twice.
type refusedError struct {
	count int
	first types.BatchResultErrorEntry
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("%d refused, the first with %s: %s", e.count, aws.ToString(e.first.Code), aws.ToString(e.first.Message))
}

// classify marks the errors after which trying again can help.
func classify(err error) error {
	refused, partly := errors.AsType[*refusedError](err)
	if partly && !refused.first.SenderFault || retry.NewStandard().IsErrorRetryable(err) {
		return chat.AsUnavailable(err)
	}
	return err
}
