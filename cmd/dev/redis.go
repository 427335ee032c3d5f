package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// startRedis starts the instance and returns its address.
func (p *Place) startRedis(i Instance) (*Child, string, error) {
	if err := i.Owner.own(i.Folder); err != nil {
		return nil, "", err
	}
	settings := filepath.Join(i.Folder, "redis.conf")
	if err := i.Owner.write(settings, redisConf(i)); err != nil {
		return nil, "", err
	}
	child, err := p.start(Start{
		Name: i.Name, Path: redisBinary(), Args: []string{settings}, Dir: i.Folder,
		Env: plainEnv(), Owner: i.Owner, Ends: politely,
	})
	if err != nil {
		return nil, "", err
	}
	if err := child.awaitReady(30*time.Second, func() bool { return redisAnswers(i) }); err != nil {
		return nil, "", errors.Join(err, child.stop())
	}
	return child, redisURL(i), nil
}

// redisConf goes into a file, since a password among the arguments could be
// read by every account of the machine.
func redisConf(i Instance) string {
	lines := []string{
		"bind 127.0.0.1", "port " + strconv.Itoa(i.Port), "dir " + strconv.Quote(i.Folder),
		// The job queue must never lose a key to make room.
		"maxmemory-policy noeviction",
		"appendonly no",
	}
	if i.Throwaway {
		lines = append(lines, `save ""`)
	} else {
		// What Redis holds can be built again from PostgreSQL: a failed snapshot
		// is no reason to refuse work.
		lines = append(lines, "save 60 1", "stop-writes-on-bgsave-error no")
	}
	if i.Password != "" {
		lines = append(lines, "requirepass "+i.Password)
	}
	return strings.Join(lines, "\n") + "\n"
}

// redisAnswers is false, too, while Redis still loads its data.
func redisAnswers(i Instance) bool {
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+strconv.Itoa(i.Port), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	replies := bufio.NewReader(conn)
	if i.Password != "" {
		fmt.Fprintf(conn, "AUTH %s\r\n", i.Password)
		if line, err := replies.ReadString('\n'); err != nil || !strings.HasPrefix(line, "+OK") {
			return false
		}
	}
	fmt.Fprint(conn, "PING\r\n")
	line, err := replies.ReadString('\n')
	return err == nil && strings.HasPrefix(line, "+PONG")
}

func redisURL(i Instance) string {
	address := url.URL{Scheme: "redis", Host: "127.0.0.1:" + strconv.Itoa(i.Port), Path: "/0"}
	if i.Password != "" {
		address.User = url.UserPassword("", i.Password)
	}
	return address.String()
}
