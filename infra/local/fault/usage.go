package fault

import (
	"fmt"
	"strings"
)

// Usage is the help of a -fault flag: how faults are written, and which there are.
func Usage() string {
	list := new(strings.Builder)
	list.WriteString("what goes wrong, as `name=share`, for some with a count and a duration as in push-429=0.05:20:2s, and with commas between:")
	for _, kind := range Kinds() {
		fmt.Fprintf(list, "\n  %-17s %s", kind.Name, kind.Says)
	}
	return list.String()
}
