package main

import (
	"fmt"
	"log/slog"
)

// taskLog makes asynq's messages ours.
type taskLog struct{ log *slog.Logger }

func (l taskLog) Debug(args ...any) { l.log.Debug("worker", "says", fmt.Sprint(args...)) }
func (l taskLog) Info(args ...any)  { l.log.Debug("worker", "says", fmt.Sprint(args...)) }
func (l taskLog) Warn(args ...any)  { l.log.Warn("worker", "says", fmt.Sprint(args...)) }
func (l taskLog) Error(args ...any) { l.log.Error("worker", "says", fmt.Sprint(args...)) }
func (l taskLog) Fatal(args ...any) { l.log.Error("worker", "says", fmt.Sprint(args...)) }
