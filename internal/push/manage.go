package push

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"

	"switchboard/internal/chat"
)

// Close ends a connection, with code 1000 and no reason: API Gateway takes neither. One
// that is gone is no error.
func (p *Pusher) Close(ctx context.Context, id chat.ConnectionID) error {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	_, err := p.client.DeleteConnection(ctx, &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: (*string)(&id)})
	if err != nil && !gone(err) {
		return fmt.Errorf("close connection: %w", err)
	}
	return nil
}

// LastActive says when the connection last sent or was sent something, or gives
// chat.ErrNotFound. Any other error says nothing about the connection.
func (p *Pusher) LastActive(ctx context.Context, id chat.ConnectionID) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	out, err := p.client.GetConnection(ctx, &apigatewaymanagementapi.GetConnectionInput{ConnectionId: (*string)(&id)})
	if err == nil {
		return aws.ToTime(out.LastActiveAt), nil
	}
	if gone(err) {
		return time.Time{}, chat.ErrNotFound
	}
	return time.Time{}, fmt.Errorf("get connection: %w", err)
}

func gone(err error) bool {
	res, ok := errors.AsType[*awshttp.ResponseError](err)
	return ok && notThere(res.HTTPStatusCode(), res.Error())
}
