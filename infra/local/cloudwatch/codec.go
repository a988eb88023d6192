package cloudwatch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/rpcv2"
)

// The SDK's CBOR is open to clients only, which write requests and read responses. Here it is used the other way round: a
// response is written as the body of a request, and a request read as that of a response. The bodies are the same.

// encodeShape makes CBOR of one of the SDK's shapes.
func encodeShape(shape smithy.Serializable) ([]byte, error) {
	request, ok := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	if !ok {
		return nil, errors.New("encode: the SDK's request is of another type")
	}
	hasBody := smithy.NewOperationSchema(schemas.GetMetricData, schemas.GetMetricDataOutput, nil)
	if err := rpcv2.NewCBOR(schemas.GraniteServiceVersion20100801).SerializeRequest(context.Background(), hasBody, shape, request); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	body, err := io.ReadAll(request.GetStream())
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return body, nil
}

// decodeShape reads CBOR into one of the SDK's shapes.
func decodeShape(body []byte, into smithy.Deserializable) error {
	response := &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body))}}
	operation := smithy.NewOperationSchema(schemas.GetMetricData, nil, nil)
	err := rpcv2.NewCBOR(schemas.GraniteServiceVersion20100801).DeserializeResponse(context.Background(), operation, nil, response, into)
	if err != nil {
		return unreadable(err)
	}
	return nil
}
