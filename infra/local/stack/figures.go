package stack

import (
	"context"
	"io"
	"path/filepath"

	"switchboard/infra/local/cloudwatch"
)

// openFigures keeps the metrics that CloudWatch would: of the functions' log lines, their calls and the API.
func (s *Stack) openFigures(context.Context) error {
	figures, err := cloudwatch.Open(filepath.Join(s.options.Data, "metrics"), cloudwatch.Options{Log: s.log})
	if err != nil {
		return err
	}
	s.figures = figures
	s.endpoints[cloudwatchID] = "http://" + s.doors.aws.address()
	s.endpoints[cognitoID] = s.endpoints[cloudwatchID]
	s.onClose("metrics", func(context.Context) error { return figures.Close() })
	return nil
}

// counted gives every line of a function's log to the metrics too, as CloudWatch does with a log group.
type counted struct {
	log     io.Writer
	figures *cloudwatch.Service
}

// Write takes one whole line.
func (c counted) Write(line []byte) (int, error) {
	c.figures.Ingest(line)
	return c.log.Write(line)
}
