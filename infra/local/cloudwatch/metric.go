package cloudwatch

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Limits of PutMetricData, from the CloudWatch API Reference: MetricDatum, Dimension and PutMetricData.
const (
	maxName           = 255
	maxDimensions     = 30
	maxDimensionName  = 255
	maxDimensionValue = 1024
	oldest            = 14 * 24 * time.Hour
	newest            = 2 * time.Hour
)

// noUnit is what a metric put without a unit has.
const noUnit = string(types.StandardUnitNone)

// Datum is values of one metric at one time.
type Datum struct {
	Name       string
	Dimensions map[string]string
	Unit       string    // one of CloudWatch's, such as Count or Milliseconds; "" is None
	At         time.Time // zero is now
	Values     []float64 // each happened once
}

// identity is what makes a metric one of its own, for those who ask; a metric put in two units is kept as two.
type identity struct {
	namespace, name string
	dimensions      []dimension // in order of their names
}

type dimension struct{ name, value string }

// key is different for different identities, and orders them for lists.
func (i identity) key() string {
	var b strings.Builder
	b.WriteString(i.namespace + "\x00" + i.name)
	for _, d := range i.dimensions {
		b.WriteString("\x00" + d.name + "\x00" + d.value)
	}
	return b.String()
}

// keyed is an identity with its key, for metrics that values come to often.
type keyed struct {
	identity
	text string
}

func (i identity) keyed() keyed { return keyed{i, i.key()} }

func dimensionsOf(values map[string]string) []dimension {
	list := make([]dimension, 0, len(values))
	for name, value := range values {
		list = append(list, dimension{name, value})
	}
	return ordered(list)
}

func ordered(list []dimension) []dimension {
	slices.SortFunc(list, func(a, b dimension) int { return cmp.Compare(a.name, b.name) })
	return list
}

// check refuses what PutMetricData refuses of a metric's names.
func (i identity) check() error {
	if !fits(i.namespace, maxName) || i.namespace[0] == ':' {
		return invalidValue("The value %s for parameter Namespace is invalid.", i.namespace)
	}
	if !fits(i.name, maxName) {
		return invalidValue("The value %s for parameter MetricName is invalid.", i.name)
	}
	if len(i.dimensions) > maxDimensions {
		return invalidValue("The collection Dimensions must not have a size greater than %d.", maxDimensions)
	}
	for n, d := range i.dimensions {
		switch {
		case !fits(d.name, maxDimensionName) || d.name[0] == ':':
			return invalidValue("The value %s for parameter Dimensions.member.%d.Name is invalid.", d.name, n+1)
		case !fits(d.value, maxDimensionValue):
			return invalidValue("The value %s for parameter Dimensions.member.%d.Value is invalid.", d.value, n+1)
		case n > 0 && i.dimensions[n-1].name == d.name:
			return invalidValue("The dimension %s is given twice.", d.name)
		}
	}
	return nil
}

// fits says whether a name has 1 to limit characters of ASCII, none of them a control character and not all of them spaces.
func fits(name string, limit int) bool {
	if len(name) > limit || strings.TrimSpace(name) == "" {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' })
}

func knownUnit(unit string) bool {
	return unit == "" || slices.Contains(types.StandardUnit("").Values(), types.StandardUnit(unit))
}

// sound says whether CloudWatch takes a value: a number from -2^360 to 2^360.
func sound(value float64) bool { return math.Abs(value) <= math.Ldexp(1, 360) }

// timely says whether CloudWatch takes data of that time.
func timely(at, now time.Time) bool {
	return !at.Before(now.Add(-oldest)) && !at.After(now.Add(newest))
}

const (
	minutesOfDay = 24 * 60
	secondsOf    = 60
)

// minuteOf is the minute that a time is in, since 1970.
func minuteOf(t time.Time) int64 { return floorDiv(t.Unix(), secondsOf) }

// dayOf is the UTC day that a minute is in, since 1970.
func dayOf(minute int64) int64 { return floorDiv(minute, minutesOfDay) }

func timeOf(minute int64) time.Time { return time.Unix(minute*secondsOf, 0).UTC() }

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
