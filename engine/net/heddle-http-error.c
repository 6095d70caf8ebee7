/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_MESSAGE_CHARS 600
#define MAX_BODY_BYTES (256 * 1024)

/* What a server said about its failure. */
typedef struct
{
  guint status;
  guint code_number;  /* a status that came as a code; 0: none */
  char *message;      /* or NULL */
  char *code;         /* its own word, or NULL */
  char *request_id;   /* or NULL */
  gint64 retry_after; /* milliseconds; 0: not said */
} Complaint;

static void
complaint_clear (Complaint *complaint)
{
  g_free (complaint->message);
  g_free (complaint->code);
  g_free (complaint->request_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Complaint, complaint_clear)

static char *
shorten (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);
  gboolean gap = FALSE;
  guint n_chars = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          gap = out->len > 0;
          continue;
        }
      if (++n_chars > MAX_MESSAGE_CHARS)
        {
          g_string_append (out, "…");
          break;
        }
      if (gap)
        g_string_append_c (out, ' ');
      gap = FALSE;
      g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

/* Things that look like keys, which some servers repeat in full: "Incorrect API key provided: sk-…". */
static char *
mask_keys (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?i)(\\b(?:sk|pk|gsk|xai|key|api|hf|ghp|AIza)[-_][A-Za-z0-9_*\\-]{8,}|\\bbearer +\\S+)", G_REGEX_OPTIMIZE, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "•••", 0, NULL);
}

static char *
strip_elements (const char *html)
{
  g_autoptr (GRegex) blocks = g_regex_new ("(?is)<(script|style|head)\\b.*?</\\1\\s*>", 0, 0, NULL);
  g_autoptr (GRegex) tags = g_regex_new ("(?s)<[^>]*>", 0, 0, NULL);
  g_autofree char *without = g_regex_replace_literal (blocks, html, -1, 0, " ", 0, NULL);

  return without == NULL ? NULL : g_regex_replace_literal (tags, without, -1, 0, " ", 0, NULL);
}

static char *
html_title (const char *html)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?is)<title[^>]*>(.*?)</title>", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, html, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

static char *
html_to_text (const char *html)
{
  g_autofree char *body = strip_elements (html);
  g_autofree char *title = html_title (html);

  if (body == NULL || *g_strstrip (body) == '\0')
    return g_steal_pointer (&title);
  return g_steal_pointer (&body);
}

static char *
member_to_text (JsonNode *object,
                const char *member)
{
  JsonNode *node = heddle_json_member (object, member);

  if (heddle_json_is_null (node) || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  return heddle_json_to_display (node);
}

static char *
first_member (JsonNode *object,
              const char *const *members)
{
  for (; *members != NULL; members++)
    {
      char *text = member_to_text (object, *members);

      if (text != NULL && *text != '\0')
        return text;
      g_free (text);
    }
  return NULL;
}

/* Google says in its details how long to wait: {"@type":"….RetryInfo","retryDelay":"34.5s"}. */
static gint64
read_retry_delay (JsonArray *details)
{
  for (guint i = 0; details != NULL && i < json_array_get_length (details); i++)
    {
      const char *delay = heddle_json_get_string (json_array_get_element (details, i), "retryDelay", "");
      double seconds = g_ascii_strtod (delay, NULL);

      if (seconds > 0 && seconds < 24 * 3600)
        return (gint64) (seconds * 1000);
    }
  return 0;
}

/* A code that is a number says less than the words beside it. */
static void
read_code (Complaint *complaint,
           JsonNode *node)
{
  static const char *const words[] = { "status", "type", NULL };
  static const char *const members[] = { "code", "type", "status", NULL };
  guint64 number = 0;
  g_autofree char *word = first_member (node, words);
  g_autofree char *code = first_member (node, members);

  if (code != NULL && g_ascii_string_to_unsigned (code, 10, 400, 599, &number, NULL) && word != NULL)
    complaint->code = g_steal_pointer (&word);
  else
    complaint->code = g_steal_pointer (&code);
  complaint->code_number = number;
}

/* {"error":{"message","type","code"}}, {"error":"text"}, {"message"}, {"detail"}, [{"error":…}]. */
static void
read_json (Complaint *complaint,
           JsonNode *body)
{
  static const char *const message_members[] = { "message", "error_description", "detail", "title", "msg", "error", NULL };
  JsonNode *node = body;
  JsonNode *inner;

  if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0)
    node = json_array_get_element (json_node_get_array (node), 0);
  complaint->request_id = g_strdup (heddle_json_get_string (node, "request_id", NULL));
  inner = heddle_json_member (node, "error");
  if (inner != NULL && JSON_NODE_HOLDS_OBJECT (inner))
    node = inner;
  complaint->message = first_member (node, message_members);
  complaint->retry_after = read_retry_delay (heddle_json_get_array (node, "details"));
  read_code (complaint, node);
}

static void
read_body (Complaint *complaint,
           const HeddleHttpResponse *response)
{
  gsize size = 0;
  const char *data = response->body == NULL ? NULL : g_bytes_get_data (response->body, &size);
  const char *type = heddle_http_response_get_header (response, "content-type");
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) json = NULL;

  if (size == 0)
    return;
  json = heddle_json_parse_limited (data, size, MAX_BODY_BYTES, NULL);
  if (json != NULL)
    {
      read_json (complaint, json);
      return;
    }
  text = g_utf8_make_valid (data, MIN (size, MAX_BODY_BYTES));
  if ((type != NULL && strstr (type, "html") != NULL) || g_str_has_prefix (text, "<"))
    complaint->message = html_to_text (text);
  else
    complaint->message = g_steal_pointer (&text);
}

static gboolean
mentions (const Complaint *complaint,
          const char *const *needles)
{
  g_autofree char *joined = g_strconcat (complaint->code == NULL ? "" : complaint->code, " ",
                                         complaint->message == NULL ? "" : complaint->message, NULL);
  g_autofree char *text = g_ascii_strdown (joined, -1);

  for (; *needles != NULL; needles++)
    {
      if (strstr (text, *needles) != NULL)
        return TRUE;
    }
  return FALSE;
}

static HeddleErrorCode
classify_request (const Complaint *complaint)
{
  static const char *const length[] = { "context_length_exceeded", "exceed_context_size", "maximum context length",
                                        "context window", "context size", "prompt is too long", "too many tokens",
                                        "exceeds the maximum number of tokens", NULL };
  static const char *const filter[] = { "content_filter", "content_policy", "content management policy", NULL };
  static const char *const key[] = { "invalid_api_key", "api key not valid", "incorrect api key", "api_key_invalid", NULL };
  static const char *const credit[] = { "insufficient_quota", "insufficient_balance", "insufficient credits", "credit balance", "billing_error", NULL };
  static const char *const model[] = { "model_not_found", "not_found_error", NULL };

  if (mentions (complaint, length))
    return HEDDLE_ERROR_CONTEXT_LENGTH;
  if (mentions (complaint, filter))
    return HEDDLE_ERROR_CONTENT_FILTER;
  if (mentions (complaint, key))
    return HEDDLE_ERROR_AUTH;
  if (mentions (complaint, credit))
    return HEDDLE_ERROR_QUOTA;
  return mentions (complaint, model) ? HEDDLE_ERROR_NOT_FOUND : HEDDLE_ERROR_BAD_REQUEST;
}

/* 429 is also how some say "no credit left", which no waiting cures. */
static HeddleErrorCode
classify_rate (const Complaint *complaint)
{
  static const char *const credit[] = { "insufficient_quota", "billing", "insufficient_balance", "credit balance", "exceeded your current quota", NULL };

  /* Google says "quota" of those that fill up again, too, and then how soon. */
  return mentions (complaint, credit) && complaint->retry_after == 0 ? HEDDLE_ERROR_QUOTA : HEDDLE_ERROR_RATE_LIMIT;
}

/* An error that came without a status of its own, in the middle of a stream. */
static HeddleErrorCode
classify_words (const Complaint *complaint)
{
  static const char *const rate[] = { "rate_limit", "rate limit", "too many requests", NULL };
  static const char *const overloaded[] = { "overloaded", "unavailable", NULL };
  static const char *const key[] = { "authentication_error", "permission_error", NULL };
  static const char *const request[] = { "invalid_request_error", "invalid_argument", NULL };
  static const char *const timeout[] = { "timeout_error", NULL };
  HeddleErrorCode code = classify_request (complaint);

  if (code != HEDDLE_ERROR_BAD_REQUEST)
    return code;
  if (mentions (complaint, rate))
    return classify_rate (complaint);
  if (mentions (complaint, key))
    return HEDDLE_ERROR_AUTH;
  if (mentions (complaint, timeout))
    return HEDDLE_ERROR_TIMEOUT;
  if (mentions (complaint, request))
    return HEDDLE_ERROR_BAD_REQUEST;
  return mentions (complaint, overloaded) ? HEDDLE_ERROR_OVERLOADED : HEDDLE_ERROR_SERVER;
}

static HeddleErrorCode
classify (const Complaint *complaint)
{
  static const char *const overloaded[] = { "overloaded", NULL };

  switch (complaint->status)
    {
    case 0:
      return classify_words (complaint);
    case 401:
    case 403:
    case 407:
      return HEDDLE_ERROR_AUTH;
    case 402:
      return HEDDLE_ERROR_QUOTA;
    case 404:
    case 410:
      return HEDDLE_ERROR_NOT_FOUND;
    case 408:
    case 504:
      return HEDDLE_ERROR_TIMEOUT;
    case 429:
      return classify_rate (complaint);
    case 503:
    case 529:
      return HEDDLE_ERROR_OVERLOADED;
    default:
      if (complaint->status < 500)
        return classify_request (complaint);
      return mentions (complaint, overloaded) ? HEDDLE_ERROR_OVERLOADED : HEDDLE_ERROR_SERVER;
    }
}

static const char *
hint_for (HeddleErrorCode code)
{
  switch (code)
    {
    case HEDDLE_ERROR_AUTH:
      return _ ("Check the credential: the server did not accept it, or it may not do this.");
    case HEDDLE_ERROR_QUOTA:
      return _ ("Add credit at the provider, or choose another model.");
    case HEDDLE_ERROR_RATE_LIMIT:
      return _ ("Wait a moment, or send fewer requests at once.");
    case HEDDLE_ERROR_OVERLOADED:
      return _ ("The server is busy. Try again in a moment.");
    case HEDDLE_ERROR_NOT_FOUND:
      return _ ("Check the address, and the name of the model if there is one.");
    case HEDDLE_ERROR_CONTEXT_LENGTH:
      return _ ("Shorten the prompt or the context, or choose a model that takes more.");
    case HEDDLE_ERROR_CONTENT_FILTER:
      return _ ("Change the prompt: the provider's rules refused it.");
    case HEDDLE_ERROR_BAD_REQUEST:
      return _ ("Check the parameters of the request against what the server says.");
    case HEDDLE_ERROR_FAILED:
    case HEDDLE_ERROR_CANCELLED:
    case HEDDLE_ERROR_INVALID:
    case HEDDLE_ERROR_EXPRESSION:
    case HEDDLE_ERROR_NETWORK:
    case HEDDLE_ERROR_TIMEOUT:
    case HEDDLE_ERROR_SERVER:
    case HEDDLE_ERROR_BROKEN_STREAM:
    case HEDDLE_ERROR_LIMIT:
    case HEDDLE_ERROR_STORE:
    default:
      return _ ("This is the server's fault. Try again later.");
    }
}

static char *
describe (const Complaint *complaint,
          const char *host,
          const char *reason)
{
  g_autofree char *masked = complaint->message == NULL ? NULL : mask_keys (complaint->message);
  g_autofree char *said = masked == NULL ? NULL : shorten (masked);

  if (complaint->status == 0)
    return g_strdup_printf (_ ("%s broke off with an error: %s"), host, said == NULL || *said == '\0' ? _ ("it does not say which.") : said);
  if (reason == NULL)
    reason = soup_status_get_phrase (complaint->status);
  if (said == NULL || *said == '\0')
    /* TRANSLATORS: server, status number, its words: "api.example.com answered 404 (Not Found)." */
    return g_strdup_printf (_ ("%s answered %u (%s)."), host, complaint->status, reason);
  /* TRANSLATORS: server, status number, its words, what it says about it. */
  return g_strdup_printf (_ ("%s answered %u (%s): %s"), host, complaint->status, reason, said);
}

static GError *
create_error (const Complaint *complaint,
              const char *host,
              const char *reason)
{
  HeddleErrorCode code = classify (complaint);
  g_autofree char *message = describe (complaint, host, reason);
  GError *error = g_error_new_literal (HEDDLE_ERROR, code, message);
  HeddleErrorDetail *detail = heddle_error_detail (error);

  detail->http_status = complaint->status;
  detail->request_id = g_strdup (complaint->request_id);
  if (complaint->retry_after > 0)
    detail->retry_after = complaint->retry_after;
  if (complaint->code != NULL)
    {
      g_autofree char *masked = mask_keys (complaint->code);

      detail->provider_code = shorten (masked);
    }
  heddle_error_set_hint (error, hint_for (code));
  return error;
}

/* Digits with an optional fraction, in seconds. */
static gboolean
parse_seconds (const char *text,
               double *seconds)
{
  char *end = NULL;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  *seconds = g_ascii_strtod (text, &end);
  return *g_strchug (end) == '\0';
}

gint64
heddle_http_response_get_retry_after (const HeddleHttpResponse *response,
                                      gint64 now)
{
  const gint64 longest = 24 * 3600 * (gint64) 1000;
  const char *milliseconds = heddle_http_response_get_header (response, "retry-after-ms");
  const char *after = heddle_http_response_get_header (response, "retry-after");
  g_autoptr (GDateTime) date = NULL;
  double value;

  if (milliseconds != NULL && parse_seconds (milliseconds, &value))
    return (gint64) MIN (value, (double) longest);
  if (after == NULL)
    return -1;
  if (parse_seconds (after, &value))
    return (gint64) MIN (value * 1000, (double) longest);
  date = soup_date_time_new_from_http_string (after);
  if (date == NULL)
    return -1;
  return CLAMP (g_date_time_to_unix (date) * 1000 - now / 1000, 0, longest);
}

GError *
heddle_http_error_from_response (const HeddleHttpResponse *response,
                                 const char *host)
{
  g_auto (Complaint) complaint = { 0 };
  g_autofree char *own_host = NULL;
  const char *request_id;
  gint64 retry_after;
  HeddleErrorDetail *detail;
  GError *error;

  g_return_val_if_fail (response != NULL, NULL);

  if (response->status < 400)
    return NULL;
  if (host == NULL)
    host = own_host = heddle_http_dup_host (response->url);
  complaint.status = response->status;
  read_body (&complaint, response);
  error = create_error (&complaint, host, response->reason);
  detail = heddle_error_detail (error);
  retry_after = heddle_http_response_get_retry_after (response, g_get_real_time ());
  if (retry_after >= 0)
    detail->retry_after = retry_after;
  request_id = heddle_http_response_get_header (response, "x-request-id");
  if (request_id == NULL)
    request_id = heddle_http_response_get_header (response, "request-id");
  if (request_id == NULL)
    return error;
  g_free (detail->request_id);
  detail->request_id = g_strdup (request_id);
  return error;
}

GError *
heddle_http_error_from_json (JsonNode *body,
                             guint status,
                             const char *host)
{
  g_auto (Complaint) complaint = { 0 };

  g_return_val_if_fail (body != NULL, NULL);

  read_json (&complaint, body);
  complaint.status = status == 0 ? complaint.code_number : status;
  return create_error (&complaint, host == NULL ? "" : host, NULL);
}

static GError *
create_transport_error (HeddleErrorCode code,
                        const char *message,
                        const char *hint)
{
  GError *error = g_error_new_literal (HEDDLE_ERROR, code, message);

  heddle_error_set_hint (error, hint);
  return error;
}

static GError *
connection_error (const GError *cause,
                  const char *host)
{
  g_autofree char *message = NULL;
  const char *hint = _ ("Check that the server is running and that the address and port are right.");

  if (cause->domain == G_RESOLVER_ERROR)
    {
      message = g_strdup_printf (_ ("The server %s was not found."), host);
      hint = _ ("Check the spelling of the address and the connection to the network.");
    }
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    {
      message = g_strdup_printf (_ ("%s refused the connection: nothing answers there."), host);
    }
  else if (cause->domain == G_TLS_ERROR)
    {
      message = g_strdup_printf (_ ("No secure connection to %s: %s"), host, cause->message);
      hint = _ ("Check that the address is right and that the server's certificate is valid.");
    }
  else
    {
      message = g_strdup_printf (_ ("No answer from %s: %s"), host, cause->message);
    }
  return create_transport_error (HEDDLE_ERROR_NETWORK, message, hint);
}

GError *
heddle_http_error_from_transport (const GError *cause,
                                  const char *host,
                                  gboolean started)
{
  g_autofree char *message = NULL;

  g_assert (cause != NULL);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      message = g_strdup_printf (_ ("%s did not answer in time."), host);
      return create_transport_error (HEDDLE_ERROR_TIMEOUT, message, _ ("Check that the server is up, or raise the timeout."));
    }
  if (!started)
    return connection_error (cause, host);
  message = g_strdup_printf (_ ("The connection to %s broke in the middle of the answer."), host);
  return create_transport_error (HEDDLE_ERROR_BROKEN_STREAM, message, _ ("Try again."));
}
