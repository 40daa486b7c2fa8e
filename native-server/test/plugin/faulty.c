/*
 * Plug-ins with one fault each, for test/plugin.test.ts; the options name it. Requests and answers
 * are the number alone: 8 bytes of this machine's order.
 */
#include <oversoak_plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#include <windows.h>
#else
#include <pthread.h>
#include <unistd.h>
#endif

typedef struct {
  const char* fault; /* one of FAULTS */
  uint64_t heard;
} connection;

static const char* const FAULTS[] = {
    "none",         "crash-begin",  "crash-login",  "crash-say",   "crash-hear", "crash-end",
    "abort-hear",   "login-more",   "login-answer", "say-nothing", "say-more",   "consume-more",
    "consume-none", "consume-wait", "other-answer", "no-number",   "other-text", "wild-text",
    "passing-text", "refuse-text",  "refuse-mute",  "refuse-wild", "exit-hear",  "exit-begin",
    "thread-end",   "thread-crash", "fork-say",     "fork-wait",
};

static int is(const connection* state, const char* fault) {
  return strcmp(state->fault, fault) == 0;
}

/* What no compiler sees through. Says something of its own before, and does not end the line. */
static void crash(void) {
  volatile int* volatile nowhere = NULL;
  fputs("fatal: what a plug-in writes", stderr);
  fflush(stderr);
  *nowhere = 1;
}

static const char* wild(void) { return (const char*)(uintptr_t)16; }

#if defined(_WIN32)
static DWORD WINAPI crash_in_thread(void* unused) {
  (void)unused;
  crash();
  return 0;
}
static void start_crash(void) { CreateThread(NULL, 0, crash_in_thread, NULL, 0, NULL); }
static void end_thread(void) { ExitThread(0); }
static void fork_once(int waits) { (void)waits; }
#else
static void* crash_in_thread(void* unused) {
  crash();
  return unused;
}
static void start_crash(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, crash_in_thread, NULL);
}
static void end_thread(void) { pthread_exit(NULL); }
/* Of all threads the first; the new process has only that one, which waits or goes on. */
static void fork_once(int waits) {
  static int forked;
  if (__atomic_exchange_n(&forked, 1, __ATOMIC_SEQ_CST) == 0 && fork() == 0 && waits) sleep(45);
}
#endif

static const char* fault_of(const char* options) {
  size_t i;
  for (i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; ++i) {
    if (strcmp(FAULTS[i], options) == 0) return FAULTS[i];
  }
  return NULL;
}

static void* begin(const oversoak_session* session, const char** error) {
  connection* state = calloc(1, sizeof *state);
  if (state == NULL) abort();
  state->fault = fault_of(session->options);
  if (state->fault == NULL) {
    *error = "no such fault";
    free(state);
    return NULL;
  }
  if (is(state, "crash-begin")) crash();
  if (is(state, "exit-begin")) exit(7);
  if (strncmp(state->fault, "refuse-", 7) == 0) {
    if (is(state, "refuse-text")) *error = "two\nlines";
    if (is(state, "refuse-wild")) *error = wild();
    free(state);
    return NULL;
  }
  return state;
}

static int login(void* given, unsigned char* buffer, size_t room, size_t* bytes) {
  const connection* state = given;
  (void)buffer;
  if (is(state, "crash-login")) crash();
  if (is(state, "login-more")) *bytes = room + 1;
  return is(state, "login-answer") ? 7 : OVERSOAK_LOGIN_OVER;
}

static size_t say(void* given, uint64_t number, unsigned char* buffer, size_t room) {
  const connection* state = given;
  if (is(state, "crash-say")) crash();
  if (is(state, "thread-crash")) start_crash();
  if (is(state, "thread-end")) end_thread();
  if (strncmp(state->fault, "fork-", 5) == 0) fork_once(is(state, "fork-wait"));
  if (is(state, "say-nothing")) return 0;
  memcpy(buffer, &number, sizeof number);
  return is(state, "say-more") ? room + 1 : sizeof number;
}

static int hear(void* given, const unsigned char* bytes, size_t length, oversoak_heard* heard) {
  connection* state = given;
  if (is(state, "crash-hear")) crash();
  if (is(state, "abort-hear")) abort();
  if (is(state, "exit-hear")) exit(7);
  if (is(state, "other-answer")) return 9;
  if (is(state, "consume-wait")) {
    heard->consumed = 1;
    return OVERSOAK_MORE;
  }
  if (length < sizeof heard->number) return OVERSOAK_MORE;
  heard->consumed = sizeof heard->number;
  memcpy(&heard->number, bytes, sizeof heard->number);
  ++state->heard;
  if (is(state, "consume-more")) heard->consumed = length + 1;
  if (is(state, "consume-none")) heard->consumed = 0;
  if (is(state, "no-number")) heard->number = OVERSOAK_NO_REQUEST;
  if (is(state, "other-text")) heard->text = "two\nlines";
  if (is(state, "wild-text")) heard->text = wild();
  if (is(state, "passing-text")) {
    /* Of one session, so of one thread. */
    static char text[40];
    snprintf(text, sizeof text, "an error of request %u", (unsigned)heard->number);
    heard->text = text;
    return OVERSOAK_ERROR;
  }
  return OVERSOAK_ANSWER;
}

static void end(void* given) {
  const connection* state = given;
  /* Not of the check of the options, which hears nothing. */
  if (is(state, "crash-end") && state->heard > 0) crash();
  free(given);
}

#if defined(FAULTY_OTHER_ABI)
#define TABLE_ABI 99u
#else
#define TABLE_ABI OVERSOAK_PLUGIN_ABI
#endif
#if defined(FAULTY_NO_FUNCTION)
#define TABLE_SAY NULL
#else
#define TABLE_SAY say
#endif

/* Not of every variant. */
extern const oversoak_plugin_table table;
const oversoak_plugin_table table = {TABLE_ABI, 0, 8, 8, begin, login, TABLE_SAY, hear, end};

#if defined(FAULTY_NO_EXPORT)
OVERSOAK_PLUGIN_EXPORT const oversoak_plugin_table* another_name(void);
const oversoak_plugin_table* another_name(void) { return &table; }
#else
OVERSOAK_PLUGIN_EXPORT const oversoak_plugin_table* oversoak_plugin(uint32_t abi);
const oversoak_plugin_table* oversoak_plugin(uint32_t abi) {
  (void)abi;
  (void)say; /* not in the table of every variant */
#if defined(FAULTY_UNKNOWN_ABI)
  return NULL;
#elif defined(FAULTY_WILD_TABLE)
  return (const oversoak_plugin_table*)(const void*)wild();
#else
  return &table;
#endif
}
#endif
