/*
 * A plug-in for a protocol that no description can say, because every byte of it depends on all
 * bytes before: the server greets with a key, and each side encrypts what it sends with a key
 * stream that rolls on from message to message.
 *
 *   server: 4 bytes, the key, big-endian
 *   then both: 2 bytes, the length of the body, big-endian; the body, each byte XORed with the next
 *   byte of the direction's key stream. The client's stream begins with the key, the server's with
 *   its complement.
 *
 *   body: kind (1 byte), number (4 bytes, big-endian), payload
 *   kind 1: a request, or its answer, which has the same number and payload
 *   kind 2: a push of the server; no answer
 *   kind 3: the server reports an error of the request with this number
 *
 * Options: the bytes of a payload, 0 to 1000; 32 without them.
 */
#include <oversoak_plugin.h>
#include <stdlib.h>

enum { GREETING_BYTES = 4, LENGTH_BYTES = 2, HEAD_BYTES = 5, MAX_PAYLOAD_BYTES = 1000 };
enum { REQUEST = 1, PUSH = 2, ERROR_ANSWER = 3 };
enum { MAX_MESSAGE_BYTES = LENGTH_BYTES + HEAD_BYTES + MAX_PAYLOAD_BYTES };

typedef struct {
  int greeted;
  uint32_t out_key; /* of the client's stream */
  uint32_t in_key;  /* of the server's */
  uint64_t seed;
  size_t payload_bytes;
} connection;

/* The next byte of a key stream (xorshift32). */
static unsigned char next_key_byte(uint32_t* key) {
  uint32_t x = *key;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *key = x;
  return (unsigned char)(x >> 24);
}

/* The payload follows from connection and number, so nothing has to be kept to check an answer. */
static unsigned char payload_byte(const connection* state, uint64_t number, size_t at) {
  const uint64_t mixed = (state->seed ^ number) * UINT64_C(0x9E3779B97F4A7C15) + at * 131u;
  return (unsigned char)(mixed >> 32);
}

static uint32_t read_u32(const unsigned char* bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Returns 0 where the text is no number from 0 to MAX_PAYLOAD_BYTES. */
static int read_payload_bytes(const char* text, size_t* bytes) {
  size_t value = 0;
  if (*text == '\0') {
    *bytes = 32;
    return 1;
  }
  for (; *text != '\0'; ++text) {
    if (*text < '0' || *text > '9') return 0;
    value = value * 10 + (size_t)(*text - '0');
    if (value > MAX_PAYLOAD_BYTES) return 0;
  }
  *bytes = value;
  return 1;
}

static void* begin(const oversoak_session* session, const char** error) {
  size_t payload_bytes;
  connection* state;
  if (!read_payload_bytes(session->options, &payload_bytes)) {
    *error = "the bytes of a payload must be a whole number from 0 to 1000";
    return NULL;
  }
  state = calloc(1, sizeof *state);
  if (state == NULL) {
    *error = "no memory for a session";
    return NULL;
  }
  state->seed = session->seed;
  state->payload_bytes = payload_bytes;
  return state;
}

/* Nothing is said before the greeting has come, which `hear` takes. */
static int login(void* given, unsigned char* buffer, size_t room, size_t* bytes) {
  const connection* state = given;
  (void)buffer;
  (void)room;
  *bytes = 0;
  return state->greeted ? OVERSOAK_LOGIN_OVER : OVERSOAK_LOGIN_WAITS;
}

static size_t say(void* given, uint64_t number, unsigned char* buffer, size_t room) {
  connection* state = given;
  const size_t body_bytes = HEAD_BYTES + state->payload_bytes;
  unsigned char* body = buffer + LENGTH_BYTES;
  size_t i;
  (void)room; /* MAX_MESSAGE_BYTES */
  buffer[0] = (unsigned char)(body_bytes >> 8);
  buffer[1] = (unsigned char)body_bytes;
  body[0] = REQUEST;
  for (i = 0; i < 4; ++i) body[1 + i] = (unsigned char)(number >> (24 - 8 * i));
  for (i = 0; i < state->payload_bytes; ++i) body[HEAD_BYTES + i] = payload_byte(state, number, i);
  for (i = 0; i < body_bytes; ++i) {
    body[i] = (unsigned char)(body[i] ^ next_key_byte(&state->out_key));
  }
  return LENGTH_BYTES + body_bytes;
}

static int hear_greeting(connection* state, const unsigned char* bytes, size_t length,
                         oversoak_heard* heard) {
  if (length < GREETING_BYTES) return OVERSOAK_MORE;
  state->out_key = read_u32(bytes);
  state->in_key = ~state->out_key;
  if (state->out_key == 0 || state->in_key == 0) {
    heard->text = "a key that is all zeroes or all ones";
    return OVERSOAK_CORRUPT;
  }
  state->greeted = 1;
  heard->consumed = GREETING_BYTES;
  return OVERSOAK_IGNORED;
}

/* Decodes a body that is whole, once: the key stream rolls on with it. */
static int hear(void* given, const unsigned char* bytes, size_t length, oversoak_heard* heard) {
  connection* state = given;
  unsigned char body[HEAD_BYTES + MAX_PAYLOAD_BYTES];
  size_t body_bytes;
  size_t i;
  if (!state->greeted) return hear_greeting(state, bytes, length, heard);
  if (length < LENGTH_BYTES) return OVERSOAK_MORE;
  body_bytes = (size_t)bytes[0] << 8 | bytes[1];
  if (body_bytes < HEAD_BYTES || body_bytes > sizeof body) {
    heard->text = "a body of fewer than 5 or more than 1005 bytes";
    return OVERSOAK_CORRUPT;
  }
  if (length < LENGTH_BYTES + body_bytes) return OVERSOAK_MORE;
  for (i = 0; i < body_bytes; ++i) {
    body[i] = (unsigned char)(bytes[LENGTH_BYTES + i] ^ next_key_byte(&state->in_key));
  }
  heard->consumed = LENGTH_BYTES + body_bytes;
  if (body[0] == PUSH) return OVERSOAK_IGNORED;
  heard->number = read_u32(body + 1);
  if (body[0] == ERROR_ANSWER) {
    heard->text = "the server refuses the request";
    return OVERSOAK_ERROR;
  }
  if (body[0] != REQUEST) {
    heard->text = "a kind that is not 1, 2 or 3";
    return OVERSOAK_CORRUPT;
  }
  if (body_bytes != HEAD_BYTES + state->payload_bytes) {
    heard->text = "a payload of another length";
    return OVERSOAK_CORRUPT;
  }
  for (i = 0; i < state->payload_bytes; ++i) {
    if (body[HEAD_BYTES + i] == payload_byte(state, heard->number, i)) continue;
    heard->text = "another payload than was sent";
    return OVERSOAK_CORRUPT;
  }
  return OVERSOAK_ANSWER;
}

static void end(void* state) { free(state); }

OVERSOAK_PLUGIN_EXPORT const oversoak_plugin_table* oversoak_plugin(uint32_t abi) {
  static const oversoak_plugin_table table = {
      OVERSOAK_PLUGIN_ABI, 0, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES, begin, login, say, hear, end,
  };
  return abi == OVERSOAK_PLUGIN_ABI ? &table : NULL;
}
