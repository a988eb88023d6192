// Command board answers with who asked, or fails on request; what comes on the route later it puts into the queue.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func handle(ctx context.Context, event events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	authorizer, _ := event.RequestContext.Authorizer.(map[string]any)
	fmt.Println("route", event.RequestContext.RouteKey)
	switch {
	case event.Body == "panic":
		panic("asked to")
	case event.Body == "exit":
		os.Exit(3)
	case event.Body == "sleep":
		<-ctx.Done()
		select {} // minds no deadline
	case event.RequestContext.RouteKey == "later":
		cfg, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return events.APIGatewayProxyResponse{}, err
		}
		_, err = sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: aws.String(os.Getenv("JOBS")), MessageBody: aws.String(event.RequestContext.ConnectionID),
		})
		return events.APIGatewayProxyResponse{StatusCode: 200}, err
	}
	return events.APIGatewayProxyResponse{
		StatusCode: 200, Body: fmt.Sprintf("%v by the %v door: %s", authorizer["principalId"], authorizer["door"], event.Body),
	}, nil
}

func main() { lambda.Start(handle) }
