package cloudwatch

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	smithytesting "github.com/aws/smithy-go/testing"
)

// The SDK's module holds what its client sends and takes, byte for byte, in folders request_snapshot and response_snapshot. They
// are read from the module that these tests are built with. Members of structures have no order, so that bodies with structures
// are compared member by member.

// golden is a file of the SDK's module: its first line, headers and body.
func golden(t *testing.T, name string) (first string, header http.Header, body []byte) {
	t.Helper()
	source, _ := runtime.FuncForPC(reflect.ValueOf(api.New).Pointer()).FileLine(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(source), name))
	if err != nil {
		t.Fatalf("read the SDK's golden file, which needs a build without -trimpath: %v", err)
	}
	head, body, _ := bytes.Cut(text, []byte("\n\n"))
	if strings.Contains(name, "request") { // a request has an empty line after its first too
		var rest []byte
		rest, body, _ = bytes.Cut(body, []byte("\n\n"))
		head = append(append(head, '\n'), rest...)
	}
	header = http.Header{}
	first, fields, _ := strings.Cut(string(head), "\n")
	for line := range strings.Lines(fields) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		header.Set(name, value)
	}
	return first, header, body
}

func sameCBOR(t *testing.T, got, want []byte) {
	t.Helper()
	if err := smithytesting.CompareCBOR(bytes.NewReader(got), base64.StdEncoding.EncodeToString(want)); err != nil {
		t.Errorf("not the SDK's bytes: %v\ngot  %q\nwant %q", err, got, want)
	}
}

// What is read of a golden request, and written again by the SDK, must be all of it.
func TestGolden_Requests(t *testing.T) {
	t.Parallel()
	tests := map[string]interface {
		smithy.Deserializable
		smithy.Serializable
	}{
		"GetMetricData":       &getMetricDataInput{},
		"GetMetricStatistics": &getMetricStatisticsInput{},
		"ListMetrics":         &listMetricsInput{},
		"PutMetricData":       &putMetricDataInput{},
	}
	for operation, input := range tests {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			first, header, body := golden(t, "request_snapshot/"+operation+".request.snap")
			if want := "POST " + PathPrefix + operation; first != want || header.Get("Smithy-Protocol") != protocol {
				t.Errorf("the SDK sends %q with %v, want %q", first, header, want)
			}
			if err := decodeShape(body, input); err != nil {
				t.Fatalf("decodeShape(%q): %v", body, err)
			}
			again, err := encodeShape(input)
			if err != nil {
				t.Fatalf("encodeShape: %v", err)
			}
			sameCBOR(t, again, body)
		})
	}
}

func TestGolden_Responses(t *testing.T) {
	t.Parallel()
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	text := func(name string) *string { return aws.String("__" + name + "__") }
	one := aws.Float64(1)
	dimensions := []types.Dimension{{Name: text("Name"), Value: text("Value")}, {Name: text("Name"), Value: text("Value")}}
	metric := types.Metric{Namespace: text("Namespace"), MetricName: text("MetricName"), Dimensions: dimensions}
	messages := []types.MessageData{{Code: text("Code"), Value: text("Value")}, {Code: text("Code"), Value: text("Value")}}
	result := types.MetricDataResult{
		Id: text("Id"), Label: text("Label"), Messages: messages, StatusCode: types.StatusCodeComplete,
		Timestamps: []time.Time{at, at}, Values: []float64{1, 1},
	}
	point := types.Datapoint{
		Timestamp: &at, SampleCount: one, Average: one, Sum: one, Minimum: one, Maximum: one, Unit: types.StandardUnitSeconds,
		ExtendedStatistics: map[string]float64{"key0": 1},
	}
	tests := map[string]smithy.Serializable{
		"GetMetricData": &api.GetMetricDataOutput{
			MetricDataResults: []types.MetricDataResult{result, result}, NextToken: text("NextToken"), Messages: messages,
		},
		"GetMetricStatistics": &api.GetMetricStatisticsOutput{Label: text("Label"), Datapoints: []types.Datapoint{point, point}},
		"ListMetrics": &api.ListMetricsOutput{
			Metrics: []types.Metric{metric, metric}, NextToken: text("NextToken"), OwningAccounts: []string{"__Member__", "__Member__"},
		},
		"PutMetricData": nil,
	}
	for operation, output := range tests {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			_, _, want := golden(t, "response_snapshot/"+operation+".response.snap")
			w := httptest.NewRecorder()
			(&Service{}).answer(w, operation, http.StatusOK, output)
			if got := w.Header().Get("Smithy-Protocol"); got != protocol {
				t.Errorf("Smithy-Protocol = %q, want %q", got, protocol)
			}
			if len(want) == 0 {
				if w.Body.Len() != 0 {
					t.Errorf("body = %q, want none", w.Body)
				}
				return
			}
			sameCBOR(t, w.Body.Bytes(), want)
		})
	}
}

func TestGolden_Errors(t *testing.T) {
	t.Parallel()
	tests := map[string]*fault{
		"InvalidParameterValueException":       invalidValue("__Message__"),
		"MissingRequiredParameterException":    missing("StartTime"),
		"InvalidParameterCombinationException": combination("__Message__"),
		"InvalidNextToken":                     badToken(),
		"LimitExceededException":               limitExceeded(errFull),
		"InternalServiceFault":                 internalFault(),
	}
	for shape, f := range tests {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			status, _, want := golden(t, "response_snapshot/"+shape+".error.snap")
			f.message = "__Message__"
			w := httptest.NewRecorder()
			(&Service{}).refuse(w, "GetMetricData", f)
			if fmt.Sprint(w.Code) != status || !bytes.Equal(w.Body.Bytes(), want) {
				t.Errorf("refuse = %d %q, want %s %q", w.Code, w.Body, status, want)
			}
		})
	}
}

// FuzzServeHTTP looks for requests that end in a panic or in a fault of ours.
func FuzzServeHTTP(f *testing.F) {
	for _, operation := range []string{"GetMetricData", "GetMetricStatistics", "ListMetrics", "PutMetricData"} {
		f.Add(operation, []byte("\xbfiNamespacedTestjMetricNamedSent\xff"))
	}
	s, err := Open(f.TempDir(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := s.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, operation string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, PathPrefix, bytes.NewReader(body))
		r.URL.Path += operation
		r.Header.Set("Smithy-Protocol", protocol)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%s %q = %d", operation, body, w.Code)
		}
	})
}
