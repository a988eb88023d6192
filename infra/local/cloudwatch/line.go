package cloudwatch

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A day's file has two kinds of lines. The first gives a series a number, which is good until the next line for that number;
// the second says what was put in a minute: number, minute since 1970, count, sum, minimum, maximum, and bins as index:count.
//
//	series 7 {"namespace":"AWS/Lambda","name":"Duration","unit":"Milliseconds","dimensions":{"FunctionName":"connect"}}
//	7 29938520 2 31.5 12 19.5 126:1 150:1
const seriesWord = "series"

var errLine = errors.New("line of metrics not understood")

type seriesLine struct {
	Namespace  string            `json:"namespace"`
	Name       string            `json:"name"`
	Unit       string            `json:"unit"`
	Dimensions map[string]string `json:"dimensions,omitempty"`
}

func appendSeries(to []byte, one *series) ([]byte, error) {
	line := seriesLine{one.namespace, one.name, one.unit, map[string]string{}}
	for _, d := range one.dimensions {
		line.Dimensions[d.name] = d.value
	}
	text, err := json.Marshal(line)
	if err != nil {
		return nil, fmt.Errorf("encode metric %s: %w", one.name, err)
	}
	return fmt.Appendf(to, "%s %d %s\n", seriesWord, one.number, text), nil
}

func appendBucket(to []byte, number int, b bucket) []byte {
	to = strconv.AppendInt(to, int64(number), 10)
	to = append(to, ' ')
	to = strconv.AppendInt(to, b.minute, 10)
	for _, value := range []float64{b.count, b.sum, b.min, b.max} {
		to = append(to, ' ')
		to = strconv.AppendFloat(to, value, 'g', -1, 64)
	}
	for _, have := range b.bins {
		to = append(to, ' ')
		to = strconv.AppendInt(to, int64(have.index), 10)
		to = append(to, ':')
		to = strconv.AppendFloat(to, have.count, 'g', -1, 64)
	}
	return append(to, '\n')
}

// named is what a series line gave a number to.
type named struct {
	identity
	unit string
}

// readLine takes a line into the store, and a series line into names.
func readLine(line string, names map[string]named, to *store) error {
	first, rest, _ := strings.Cut(line, " ")
	if first == seriesWord {
		return readSeries(rest, names)
	}
	name, known := names[first]
	if !known {
		return errLine
	}
	b, err := readBucket(rest)
	if err != nil {
		return err
	}
	return to.load(name.identity.keyed(), name.unit, b)
}

func readSeries(text string, names map[string]named) error {
	number, definition, _ := strings.Cut(text, " ")
	var line seriesLine
	if err := json.Unmarshal([]byte(definition), &line); err != nil {
		return fmt.Errorf("decode series %s: %w", number, err)
	}
	id := identity{line.Namespace, line.Name, dimensionsOf(line.Dimensions)}
	if err := id.check(); err != nil {
		return err
	}
	names[number] = named{id, line.Unit}
	return nil
}

func readBucket(text string) (bucket, error) {
	var b bucket
	var number string
	number, text, _ = strings.Cut(text, " ")
	var err error
	if b.minute, err = strconv.ParseInt(number, 10, 64); err != nil {
		return b, errLine
	}
	for _, value := range []*float64{&b.count, &b.sum, &b.min, &b.max} {
		number, text, _ = strings.Cut(text, " ")
		if *value, err = strconv.ParseFloat(number, 64); err != nil {
			return b, errLine
		}
	}
	for text != "" {
		var have bin
		number, text, _ = strings.Cut(text, " ")
		if have, err = readBin(number); err != nil {
			return b, err
		}
		b.bins = append(b.bins, have)
	}
	return b, nil
}

func readBin(text string) (bin, error) {
	index, count, _ := strings.Cut(text, ":")
	i, err := strconv.ParseInt(index, 10, 16)
	if err != nil {
		return bin{}, errLine
	}
	n, err := strconv.ParseFloat(count, 64)
	if err != nil {
		return bin{}, errLine
	}
	return bin{int16(i), n}, nil
}
