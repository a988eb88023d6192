package cloudwatch

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// position is where a page of GetMetricData ends: after a data point of a query, so that points that are added meanwhile do
// not move it.
type position struct {
	Query   int    `json:"q"`
	After   *int64 `json:"a,omitempty"` // the last data point's time in seconds; nil: none of the query was returned
	Request uint64 `json:"r"`           // the request it belongs to
}

// startOf is where the request goes on: at the beginning without a token.
func startOf(in *getMetricDataInput) (position, error) {
	token := in.NextToken
	in.NextToken = nil
	body, err := encodeShape(&in.GetMetricDataInput)
	if err != nil {
		return position{}, err
	}
	sum := fnv.New64a()
	_, _ = sum.Write(body) // a hash takes everything
	if token == nil {
		return position{Request: sum.Sum64()}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil {
		return position{}, badToken()
	}
	var p position
	if err := json.Unmarshal(text, &p); err != nil || p.Request != sum.Sum64() || p.Query < 0 {
		return position{}, badToken()
	}
	return p, nil
}

func (p position) token() string {
	text, _ := json.Marshal(p) // numbers only
	return base64.RawURLEncoding.EncodeToString(text)
}

// skip takes off what earlier pages had.
func (p position) skip(result *types.MetricDataResult, scan types.ScanBy) {
	if p.After == nil {
		return
	}
	had := func(t time.Time) bool { return t.Unix() < *p.After }
	if scan == types.ScanByTimestampAscending {
		had = func(t time.Time) bool { return t.Unix() > *p.After }
	}
	n := slices.IndexFunc(result.Timestamps, had)
	if n < 0 {
		n = len(result.Timestamps)
	}
	result.Timestamps, result.Values = result.Timestamps[n:], result.Values[n:]
}

// cut leaves as many data points as there is room for, and says whether there were more.
func (p *position) cut(result *types.MetricDataResult, room int) bool {
	if len(result.Values) <= room {
		return false
	}
	result.Timestamps, result.Values = result.Timestamps[:room], result.Values[:room]
	result.StatusCode = types.StatusCodePartialData
	if room > 0 {
		p.After = aws.Int64(result.Timestamps[room-1].Unix())
	}
	return true
}
