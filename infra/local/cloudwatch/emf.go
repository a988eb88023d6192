package cloudwatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// emfMember is in every line of the embedded metric format (CloudWatch User Guide, "Specification: Embedded metric format").
const emfMember = `"_aws"`

type directive struct {
	Timestamp         int64 // milliseconds
	CloudWatchMetrics []struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []struct{ Name, Unit string }
	}
}

// Ingest makes metrics of a function's log line in embedded metric format. Any other line is passed over, for next to nothing;
// one that cannot be read, or holds what CloudWatch would not take, is dropped and logged.
func (s *Service) Ingest(line []byte) {
	if !bytes.Contains(line, []byte(emfMember)) {
		return
	}
	if err := s.ingest(line); err != nil {
		s.drop(err)
	}
}

func (s *Service) ingest(line []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return fmt.Errorf("read log line: %w", err)
	}
	var d directive
	if text, ours := members["_aws"]; !ours {
		return nil // somebody's text has the word
	} else if err := json.Unmarshal(text, &d); err != nil {
		return fmt.Errorf("read metric directive: %w", err)
	}
	at := time.UnixMilli(d.Timestamp)
	for _, list := range d.CloudWatchMetrics {
		if len(list.Dimensions) == 0 {
			list.Dimensions = [][]string{{}}
		}
		var data []Datum
		for _, m := range list.Metrics {
			values, err := numbers(members[m.Name])
			if err != nil {
				return fmt.Errorf("read metric %s: %w", m.Name, err)
			}
			for _, names := range list.Dimensions {
				dimensions, err := textsOf(members, names)
				if err != nil {
					return err
				}
				data = append(data, Datum{Name: m.Name, Dimensions: dimensions, Unit: m.Unit, At: at, Values: values})
			}
		}
		s.Put(list.Namespace, data)
	}
	return nil
}

// numbers reads a target member: one number or several; nothing when it is not there.
func numbers(text json.RawMessage) ([]float64, error) {
	if len(text) == 0 {
		return nil, nil
	}
	if text[0] != '[' {
		text = bytes.Join([][]byte{[]byte("["), text, []byte("]")}, nil)
	}
	var values []float64
	err := json.Unmarshal(text, &values)
	return values, err
}

func textsOf(members map[string]json.RawMessage, names []string) (map[string]string, error) {
	texts := make(map[string]string, len(names))
	for _, name := range names {
		var text string
		if err := json.Unmarshal(members[name], &text); err != nil {
			return nil, fmt.Errorf("read dimension %s: %w", name, err)
		}
		texts[name] = text
	}
	return texts, nil
}
