package suite

// Where statements come from. Pages are of the API Gateway developer guide unless said otherwise.
const (
	quotas       = "Quotas for configuring and running a WebSocket API"
	accountRates = "Amazon API Gateway quotas"
	throttling   = "Protect your WebSocket APIs in API Gateway"
	lifecycle    = "Manage connected users and client apps: $connect and $disconnect routes"
	protocols    = "$connect routes that require a WebSocket subprotocol"
	authorizers  = "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers"
	routing      = "Create routes for WebSocket APIs in API Gateway"
	responses    = "Set up route responses for WebSocket APIs"
	integrations = "Integrations for WebSocket APIs"
	variables    = "WebSocket API mapping template reference"
	binaries     = "Binary media types for WebSocket APIs"
	callbacks    = "Use @connections commands in your backend service"
	model        = "service model apigatewaymanagementapi, 2018-11-29"
	gone         = "AWS Knowledge Center: 410 GoneException errors with WebSocket APIs"
	lambdaErrors = "Lambda developer guide: Handling Lambda errors with an API Gateway API"

	captures = "observed: captured events"
	reports  = "observed: issues and logs of others"
	restAPIs = "what REST APIs do"
	rfc      = "RFC 6455; what AWS does is not known"
	guess    = "no source"
)
