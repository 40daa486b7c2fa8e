// The least that an echo server does: one thread, one epoll loop, a recv and a send for each event.
// Arguments: the file to write its port to, and optionally the length of sockperf's messages, which
// come back with the flag that they are from a client taken off.
#define _GNU_SOURCE  // accept4
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "open_files.h"

#define EVENTS 512
#define MAX_FILES 65536

// sockperf's header: 8 bytes of sequence, 2 of flags, the lowest bit of which is the client's.
#define FLAGS_OFFSET 9
#define CLIENT_FLAG 1

static char bytes[16384];
static size_t place[MAX_FILES];  // by file: in the message that the next byte belongs to

static void die(const char* what) {
  perror(what);
  exit(1);
}

static int listen_on_any_port(in_addr_t host, const char* port_file) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(host)}};
  socklen_t length = sizeof(address);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr*)&address, length) != 0 ||
      listen(listener, 4096) != 0 ||
      getsockname(listener, (struct sockaddr*)&address, &length) != 0) {
    die("listen");
  }
  FILE* file = fopen(port_file, "w");
  if (file == NULL) die(port_file);
  fprintf(file, "%u\n", ntohs(address.sin_port));
  fclose(file);
  return listener;
}

static void watch(int epoll, int file) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.fd = file}};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event) != 0) die("epoll_ctl");
}

static void take_connection(int epoll, int listener) {
  const int file = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (file < 0) return;
  if (file >= MAX_FILES) die("too many connections");
  const int on = 1;
  setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  place[file] = 0;
  watch(epoll, file);
}

static void clear_client_flags(int file, ssize_t size, size_t message_bytes) {
  for (ssize_t i = 0; i < size; ++i) {
    if (place[file] == FLAGS_OFFSET) bytes[i] &= ~CLIENT_FLAG;
    if (++place[file] == message_bytes) place[file] = 0;
  }
}

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: bare_echo PORT_FILE [SOCKPERF_MESSAGE_BYTES]\n");
    return 2;
  }
  const size_t sockperf_bytes = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
  raise_open_files();
  // sockperf wants another address for each of its connections: 127.0.0.1, 127.0.0.2, ...
  const in_addr_t host = sockperf_bytes > 0 ? INADDR_ANY : INADDR_LOOPBACK;
  const int listener = listen_on_any_port(host, argv[1]);
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) die("epoll_create1");
  watch(epoll, listener);
  static struct epoll_event events[EVENTS];
  for (;;) {
    const int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; ++i) {
      const int file = events[i].data.fd;
      if (file == listener) {
        take_connection(epoll, listener);
        continue;
      }
      const ssize_t size = recv(file, bytes, sizeof(bytes), 0);
      if (size > 0 && sockperf_bytes > 0) clear_client_flags(file, size, sockperf_bytes);
      // A blocking socket takes all of it.
      if (size <= 0 || send(file, bytes, (size_t)size, MSG_NOSIGNAL) != size) close(file);
    }
  }
}
