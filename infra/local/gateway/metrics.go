package gateway

// Metrics counts what API Gateway publishes under AWS/ApiGateway: ConnectCount, MessageCount,
// IntegrationError, ClientError and ExecutionError by one each, and IntegrationLatency in
// milliseconds for each call of a route's function.
type Metrics interface {
	Add(name string, value float64)
}

const (
	connectCount       = "ConnectCount"
	messageCount       = "MessageCount"
	integrationError   = "IntegrationError"
	clientError        = "ClientError"
	executionError     = "ExecutionError"
	integrationLatency = "IntegrationLatency"
)

type noMetrics struct{}

func (noMetrics) Add(string, float64) {}

// AccessRecord is one line of the stage's access log: one for each CONNECT, MESSAGE and DISCONNECT.
// The JSON names are those of API Gateway's $context variables. It holds no body, query or header
// value, since those carry tokens. Status is what the client was answered, or would be over HTTP.
// IntegrationStatus is what the function returned, 0 if it returned none, and IntegrationLatency is
// in milliseconds.
type AccessRecord struct {
	APIID              string `json:"apiId"`
	Stage              string `json:"stage"`
	DomainName         string `json:"domainName"`
	RouteKey           string `json:"routeKey"`
	EventType          string `json:"eventType"`
	ConnectionID       string `json:"connectionId"`
	ConnectedAt        int64  `json:"connectedAt"`
	MessageID          string `json:"messageId,omitempty"`
	RequestID          string `json:"requestId"`
	RequestTime        string `json:"requestTime"`
	RequestTimeEpoch   int64  `json:"requestTimeEpoch"`
	SourceIP           string `json:"identity.sourceIp"`
	PrincipalID        string `json:"authorizer.principalId,omitempty"`
	Status             int    `json:"status"`
	IntegrationStatus  int    `json:"integration.status,omitempty"`
	IntegrationLatency int64  `json:"integrationLatency,omitempty"`
	Error              string `json:"error.message,omitempty"`
}
