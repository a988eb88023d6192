package cloudwatch

import (
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

const (
	gatewayNamespace = "AWS/ApiGateway" // API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics"
	lambdaNamespace  = "AWS/Lambda"     // Lambda Developer Guide, "Using CloudWatch metrics with Lambda"

	count        = string(types.StandardUnitCount)
	milliseconds = string(types.StandardUnitMilliseconds)
)

// Gateway takes the counters of a WebSocket API's stage. It is safe for concurrent use.
type Gateway struct {
	service *Service
	sets    [][]dimension

	mu    sync.RWMutex
	known map[string][]keyed // by name: there is a value for each post
}

// Gateway makes metrics of a stage's counters as API Gateway does: under ApiId, and under ApiId and Stage.
func (s *Service) Gateway(apiID, stage string) *Gateway {
	sets := [][]dimension{{{"ApiId", apiID}}, {{"ApiId", apiID}, {"Stage", stage}}}
	return &Gateway{service: s, sets: sets, known: map[string][]keyed{}}
}

// Add keeps a value, such as 1 for MessageCount; what ends in Latency is in milliseconds.
func (g *Gateway) Add(name string, value float64) {
	unit := count
	if strings.HasSuffix(name, "Latency") {
		unit = milliseconds
	}
	if err := g.service.putAll(g.identities(name), unit, value); err != nil {
		g.service.drop(err)
	}
}

func (g *Gateway) identities(name string) []keyed {
	g.mu.RLock()
	list, ok := g.known[name]
	g.mu.RUnlock()
	if ok {
		return list
	}
	for _, dimensions := range g.sets {
		list = append(list, identity{namespace: gatewayNamespace, name: name, dimensions: dimensions}.keyed())
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[name] = list
	return list
}

// Lambda takes what becomes of calls of functions.
type Lambda struct{ service *Service }

// Lambda makes metrics of calls as Lambda does: under FunctionName.
func (s *Service) Lambda() Lambda { return Lambda{s} }

// Began says that a call was let in, and how many of the function's run now, this one included.
func (l Lambda) Began(function string, running int) {
	l.put(function, Datum{Name: "ConcurrentExecutions", Unit: count, Values: []float64{float64(running)}})
}

// Ended says that a call ended, after how long, and whether with an error or a time-out.
func (l Lambda) Ended(function string, took time.Duration, failed bool) {
	errors := 0.0
	if failed {
		errors = 1
	}
	l.put(function,
		Datum{Name: "Invocations", Unit: count, Values: []float64{1}},
		Datum{Name: "Errors", Unit: count, Values: []float64{errors}},
		Datum{Name: "Duration", Unit: milliseconds, Values: []float64{took.Seconds() * 1000}},
		Datum{Name: "Throttles", Unit: count, Values: []float64{0}},
	)
}

// Throttled says that a call was refused.
func (l Lambda) Throttled(function string) {
	l.put(function, Datum{Name: "Throttles", Unit: count, Values: []float64{1}})
}

func (l Lambda) put(function string, data ...Datum) {
	for n := range data {
		data[n].Dimensions = map[string]string{"FunctionName": function}
	}
	l.service.Put(lambdaNamespace, data)
}
