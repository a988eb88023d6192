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
	maxDelay  = 15 * time.Minute // SQS quota "Message timer"
	batchJobs = 10               // SQS quota "Batched message"
	// jobTargets is how many ids a job names at most. With ids of up to 64 bytes ten such
	// jobs are 0.7 MB, and a batch may have 1 MiB (SendMessageBatch, "maximum total payload").
	jobTargets = 1000
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
	seconds := int32((delay + time.Second - 1) / time.Second)
	for part := range slices.Chunk(split(jobs), batchJobs) {
		b, err := pack(part, seconds)
		if err != nil {
			return fmt.Errorf("enqueue jobs: %w", err)
		}
		if err := q.send(ctx, b); err != nil {
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

// pack makes a batch of jobs.
func pack(jobs []chat.Job, delay int32) (batch, error) {
	var b batch
	for i, job := range jobs {
		body, err := json.Marshal(job)
		if err != nil {
			return nil, fmt.Errorf("encode job: %w", err)
		}
		b = append(b, types.SendMessageBatchRequestEntry{
			Id:           aws.String(strconv.Itoa(i)),
			MessageBody:  aws.String(string(body)),
			DelaySeconds: delay,
		})
	}
	return b, nil
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
