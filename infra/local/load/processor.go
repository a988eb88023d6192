package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of times in /proc: USER_HZ is 100 on every Linux that Go runs on.
const tick = time.Second / 100

// processorTimes gives the CPU time that each process has used so far.
func processorTimes(pids []int) ([]time.Duration, error) {
	var times []time.Duration
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return nil, fmt.Errorf("read CPU time: %w", err)
		}
		t, err := processorTime(stat)
		if err != nil {
			return nil, fmt.Errorf("read CPU time of %d: %w", pid, err)
		}
		times = append(times, t)
	}
	return times, nil
}

// processorTime reads utime and stime, fields 14 and 15 of proc(5). The name before them is
// in brackets and may hold spaces.
func processorTime(stat []byte) (time.Duration, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	const user, system = 14 - 3, 15 - 3
	if len(fields) <= system {
		return 0, fmt.Errorf("%q is too short", stat)
	}
	var ticks int64
	for _, field := range [][]byte{fields[user], fields[system]} {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}
