// Command carrier is a stand-in for Twilio's Programmable Messaging on this
// machine: it takes the REST calls that the desk makes, posts signed webhooks
// back, and shows a phone in the browser so that anybody can be the citizen.
// It holds everything in memory and never talks to the internet.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "carrier:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. The first line on stdout is "listening on URL",
// which is how a program that asked for port 0 learns the port.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	config, err := readConfig(args, getenv, stderr)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", config.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", config.Listen, err)
	}
	if config.PublicURL == "" {
		config.PublicURL = "http://" + listener.Addr().String()
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	warnIfOpen(log, listener.Addr())
	carrier := New(Options{Config: config, Now: time.Now, Log: log})
	defer carrier.Close()
	fmt.Fprintln(stdout, "listening on", config.PublicURL)
	return serve(ctx, listener, carrier)
}

// warnIfOpen says so when other machines can reach the control page, which
// has no password because it is meant for loopback.
func warnIfOpen(log *slog.Logger, addr net.Addr) {
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		log.Warn("the stand-in can be reached from other machines and has no password", "address", addr.String())
	}
}

// stopWithin is how long open calls may take to end after the stop signal;
// event streams and long polls are cut at once by Carrier.Close.
const stopWithin = 5 * time.Second

func serve(ctx context.Context, listener net.Listener, carrier *Carrier) error {
	server := &http.Server{
		Handler:           carrier.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(carrier.log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	carrier.hangUp()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}
