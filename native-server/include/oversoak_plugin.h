/*
 * A plug-in: a protocol of your own in C, for what a description (docs/how-to/own-protocol.md)
 * cannot say. A fleet of oversoak loads it and asks it what a session says and what its answers
 * mean; the fleet keeps the connections, the times and the counts. docs/how-to/plugin.md is the
 * guide, and examples/plugin has one with its CMake.
 *
 * A plug-in is a library (.so, .dll) that exports one function:
 *
 *   OVERSOAK_PLUGIN_EXPORT const oversoak_plugin_table *oversoak_plugin(uint32_t abi);
 *
 * `abi` is the OVERSOAK_PLUGIN_ABI of the fleet. Return the table of functions of that version, or
 * NULL if the plug-in does not know it. The fleet copies the table. A plug-in is never unloaded.
 *
 * Threads. A fleet has several threads. All calls about one session come one after another, never
 * two at once, and those of `begin`, `login`, `say` and `hear` for one connection from one thread;
 * `end` may come from another. Different sessions are called on different threads at the same time,
 * so whatever sessions share (a static variable) must be constant or guarded.
 *
 * Memory. What `begin` returns belongs to the plug-in, and `end` frees it. Buffers, bytes and the
 * session's description belong to the fleet and are valid only during the call: keep no pointer to
 * them. A text that the plug-in gives is copied before its next call.
 *
 * A function returns at once: it does not wait, sleep, read or write a socket or a file, start a
 * thread or a process, or end its own, because every session of its thread waits for it. It throws
 * nothing (C++), writes to no descriptor and closes none that it has not opened, and does not call
 * back into the fleet. A crash, an exception, exit(), or an answer that cannot be (such as more
 * bytes than there were) ends the process; the run has no verdict and says which function of which
 * plug-in it was. Nothing else is noticed for certain: a plug-in that writes to memory of the
 * fleet, or closes its sockets, can spoil the verdict about the server.
 */
#ifndef OVERSOAK_PLUGIN_H
#define OVERSOAK_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of everything below. It rises with each change that a plug-in could notice. */
#define OVERSOAK_PLUGIN_ABI 1u

/* Bounds of the fields of the table, and of texts. */
#define OVERSOAK_LONGEST_BYTES 1048576u
#define OVERSOAK_LONGEST_TEXT 200u

/* An answer that is of no request. */
#define OVERSOAK_NO_REQUEST UINT64_MAX

#if defined(_WIN32)
#define OVERSOAK_PLUGIN_EXPORT __declspec(dllexport)
#else
#define OVERSOAK_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

/* What a session is given at the begin of a connection. */
typedef struct oversoak_session {
  uint64_t session;     /* its number, from 0, over all fleets of the run */
  uint64_t connection;  /* of this session, from 0: it counts up with each reconnect */
  uint64_t seed;        /* for random numbers: another for each connection */
  const char* options;  /* target.protocol.plugin.options as it stands there, UTF-8, ends with 0 */
  size_t options_bytes; /* without the 0 */
} oversoak_session;

/* What `hear` found at the begin of the bytes. */
enum {
  /* Not enough bytes to tell. None is taken; the same bytes come again with those that follow. */
  OVERSOAK_MORE = 0,
  /* `consumed` bytes: the answer to the request `number`. */
  OVERSOAK_ANSWER = 1,
  /* `consumed` bytes that answer no request: what the server sends on its own, the answer of a
     login, or a part of an answer that the plug-in remembers. */
  OVERSOAK_IGNORED = 2,
  /* `consumed` bytes: the server reports an error, to the request `number` or, with
     OVERSOAK_NO_REQUEST, to none. It counts as `errorAnswer`, and the request as answered. */
  OVERSOAK_ERROR = 3,
  /* Bytes that the server must not send: it counts as `corrupt`, and the connection is closed.
     `number`: of the request whose answer it should be, or OVERSOAK_NO_REQUEST. */
  OVERSOAK_CORRUPT = 4
};

typedef struct oversoak_heard {
  size_t consumed; /* 0 at the call */
  uint64_t number; /* OVERSOAK_NO_REQUEST at the call */
  /* Of OVERSOAK_ERROR and OVERSOAK_CORRUPT: what was wrong, shown with the first errors of a run.
     Printable ASCII, 1 to OVERSOAK_LONGEST_TEXT characters; NULL at the call: no text. */
  const char* text;
} oversoak_heard;

/* What `login` answers. */
enum {
  OVERSOAK_LOGIN_OVER = 0, /* requests may follow */
  OVERSOAK_LOGIN_WAITS = 1 /* it is called again when more was heard */
};

typedef struct oversoak_plugin_table {
  uint32_t abi; /* OVERSOAK_PLUGIN_ABI */

  /* 0: the server answers requests in their order, and an answer that overtakes another counts as
     `outOfOrder`. 1: in any order. */
  uint32_t any_order;

  /* What `login` and `say` write at most; the size of their buffer. 1 or more. */
  size_t longest_request_bytes;
  /* So many bytes are enough for `hear` to tell what they are. When so many, or more, are there and
     it answers OVERSOAK_MORE, they count as `corrupt`. 1 or more. */
  size_t longest_answer_bytes;

  /* A connection begins. Returns its state, which the other functions get; never NULL unless the
     options are wrong: then `*error` says how (a text as in oversoak_heard), and the run does not
     begin. Called once before the run with session 0, to check the options. */
  void* (*begin)(const oversoak_session* session, const char** error);

  /* What a session says before its first request. NULL: nothing. Called when the connection is
     there, and again each time that bytes have come and were heard, until it returns
     OVERSOAK_LOGIN_OVER. Writes what is said next to `buffer`, and its bytes to `*bytes`, which is
     0 at the call. A login that is not over within `connectTimeoutMs` is an error. */
  int (*login)(void* state, unsigned char* buffer, size_t room, size_t* bytes);

  /* Writes the next request to `buffer` and returns its bytes, 1 to `room`. Requests of a
     connection are numbered from 0; `number` is the one of this request, by which `hear` names
     it. */
  size_t (*say)(void* state, uint64_t number, unsigned char* buffer, size_t room);

  /* What the `length` bytes at `bytes` (1 or more) begin with: OVERSOAK_MORE ... OVERSOAK_CORRUPT,
     with `*heard` filled in. Called again with the rest. A number that `say` never got on this
     connection counts as `corrupt`, one that was answered before as `duplicate`: the fleet looks
     after both. */
  int (*hear)(void* state, const unsigned char* bytes, size_t length, oversoak_heard* heard);

  /* The connection is over: frees its state. Not called for what is left when the process ends. */
  void (*end)(void* state);
} oversoak_plugin_table;

/* What a plug-in exports, under the name "oversoak_plugin". */
typedef const oversoak_plugin_table* (*oversoak_plugin_function)(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif
