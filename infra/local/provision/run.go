package provision

import (
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/template"
)

// API is a template's API as the gateway takes it.
func API(from template.API, region, accountID string) gateway.API {
	api := gateway.API{
		ID: from.ID, Region: region, AccountID: accountID, Stage: from.Stage, RouteSelection: from.RouteSelection,
		StageVariables: from.StageVariables, RateLimit: from.RateLimit, BurstLimit: from.BurstLimit,
	}
	for _, route := range from.Routes {
		api.Routes = append(api.Routes, gateway.Route{
			Key: route.Key, Function: route.Function, Timeout: route.Timeout, TwoWay: route.TwoWay,
			RateLimit: route.RateLimit, BurstLimit: route.BurstLimit,
		})
	}
	if from.Authorizer != nil {
		api.Authorizer = &gateway.Authorizer{Function: from.Authorizer.Function, IdentitySources: from.Authorizer.IdentitySources}
	}
	return api
}

// Source is a template's source as Lambda runs it. The URL is the queue's on this machine.
func Source(from template.Source, queueURL string) lambda.Source {
	return lambda.Source{
		Queue: queueURL, Function: from.Function, BatchSize: from.BatchSize, BatchingWindow: from.BatchingWindow,
		MaximumConcurrency: from.MaximumConcurrency, ReportBatchItemFailures: from.ReportBatchItemFailures,
	}
}

// Schedule is a template's schedule as Lambda runs it.
func Schedule(from template.Schedule) lambda.Schedule {
	return lambda.Schedule{
		Name: from.Name, ARN: from.ARN, Expression: from.Expression, Function: from.Function,
		Scheduler: from.Scheduler, Zone: from.Zone, Input: from.Input,
	}
}

// QueueURL is the address on AWS of the queue with a name, as the template has it; "" when there is none.
func QueueURL(queues []template.Queue, name string) string {
	for _, queue := range queues {
		if queue.Name == name {
			return queue.URL
		}
	}
	return ""
}
