/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "heddle-expr-eval.h"

#define DEFINE_MATH(name, expression)                     \
  static ExprValue                                        \
    math_##name (ExprEval *eval, const ExprCall *call)    \
  {                                                       \
    double x = expr_to_number (eval, expr_arg (call, 0)); \
                                                          \
    return expr_number (expression);                      \
  }

static double
sign (double x)
{
  if (isnan (x) || x == 0)
    return x;
  return x < 0 ? -1 : 1;
}

/* Halves go up, also below zero; adding a half would round 0.49999999999999994 up. */
static double
round_half_up (double x)
{
  double down = floor (x);

  return copysign (x - down >= 0.5 ? down + 1 : down, x);
}

DEFINE_MATH (abs, fabs (x))
DEFINE_MATH (acos, acos (x))
DEFINE_MATH (acosh, acosh (x))
DEFINE_MATH (asin, asin (x))
DEFINE_MATH (asinh, asinh (x))
DEFINE_MATH (atan, atan (x))
DEFINE_MATH (atanh, atanh (x))
DEFINE_MATH (cbrt, cbrt (x))
DEFINE_MATH (ceil, ceil (x))
DEFINE_MATH (cos, cos (x))
DEFINE_MATH (cosh, cosh (x))
DEFINE_MATH (exp, exp (x))
DEFINE_MATH (expm1, expm1 (x))
DEFINE_MATH (floor, floor (x))
DEFINE_MATH (fround, (double) (float) x)
DEFINE_MATH (log, log (x))
DEFINE_MATH (log10, log10 (x))
DEFINE_MATH (log1p, log1p (x))
DEFINE_MATH (log2, log2 (x))
DEFINE_MATH (round, round_half_up (x))
DEFINE_MATH (sign, sign (x))
DEFINE_MATH (sin, sin (x))
DEFINE_MATH (sinh, sinh (x))
DEFINE_MATH (sqrt, sqrt (x))
DEFINE_MATH (tan, tan (x))
DEFINE_MATH (tanh, tanh (x))
DEFINE_MATH (trunc, trunc (x))

static ExprValue
math_atan2 (ExprEval *eval, const ExprCall *call)
{
  double y = expr_to_number (eval, expr_arg (call, 0));

  return expr_number (atan2 (y, expr_to_number (eval, expr_arg (call, 1))));
}

static ExprValue
math_clz32 (ExprEval *eval, const ExprCall *call)
{
  guint32 bits = (guint32) expr_to_int32 (eval, expr_arg (call, 0));

  return expr_number (bits == 0 ? 32 : __builtin_clz (bits));
}

static ExprValue
math_imul (ExprEval *eval, const ExprCall *call)
{
  guint32 a = (guint32) expr_to_int32 (eval, expr_arg (call, 0));
  guint32 b = (guint32) expr_to_int32 (eval, expr_arg (call, 1));

  return expr_number ((gint32) (a * b));
}

/* Scaled by the largest and summed with compensation, as engines do it. */
static ExprValue
math_hypot (ExprEval *eval, const ExprCall *call)
{
  double largest = 0, sum = 0, compensation = 0;
  gboolean unordered = FALSE;

  for (guint i = 0; i < call->n_args; i++)
    {
      double number = fabs (expr_to_number (eval, call->args[i]));

      unordered |= isnan (number);
      largest = MAX (largest, number);
    }
  if (isinf (largest) || (largest == 0 && !unordered))
    return expr_number (largest);
  if (unordered)
    return expr_number (NAN);

  for (guint i = 0; i < call->n_args; i++)
    {
      double scaled = expr_to_number (eval, call->args[i]) / largest;
      double summand = scaled * scaled - compensation, next = sum + summand;

      compensation = (next - sum) - summand;
      sum = next;
    }
  return expr_number (sqrt (sum) * largest);
}

static ExprValue
math_pow (ExprEval *eval, const ExprCall *call)
{
  return expr_binary (eval, EXPR_OP_POWER, expr_arg (call, 0), expr_arg (call, 1));
}

static double
extreme (ExprEval *eval, const ExprCall *call, double direction)
{
  double best = -direction * INFINITY;
  gboolean unordered = FALSE;

  for (guint i = 0; i < call->n_args; i++)
    {
      double number = expr_to_number (eval, call->args[i]);

      unordered |= isnan (number);
      if (number * direction > best * direction || (number == 0 && best == 0 && signbit (number) == (direction < 0)))
        best = number;
    }
  return unordered ? NAN : best;
}

static ExprValue
math_max (ExprEval *eval, const ExprCall *call)
{
  return expr_number (extreme (eval, call, 1));
}

static ExprValue
math_min (ExprEval *eval, const ExprCall *call)
{
  return expr_number (extreme (eval, call, -1));
}

/* Math.random is not here: an expression gives the same result each time. */
const ExprBuiltin expr_math_members[] = {
  { "E", NULL, M_E },
  { "LN10", NULL, M_LN10 },
  { "LN2", NULL, M_LN2 },
  { "LOG10E", NULL, M_LOG10E },
  { "LOG2E", NULL, M_LOG2E },
  { "PI", NULL, M_PI },
  { "SQRT1_2", NULL, M_SQRT1_2 },
  { "SQRT2", NULL, M_SQRT2 },
  { "abs", math_abs },
  { "acos", math_acos },
  { "acosh", math_acosh },
  { "asin", math_asin },
  { "asinh", math_asinh },
  { "atan", math_atan },
  { "atan2", math_atan2 },
  { "atanh", math_atanh },
  { "cbrt", math_cbrt },
  { "ceil", math_ceil },
  { "clz32", math_clz32 },
  { "cos", math_cos },
  { "cosh", math_cosh },
  { "exp", math_exp },
  { "expm1", math_expm1 },
  { "floor", math_floor },
  { "fround", math_fround },
  { "hypot", math_hypot },
  { "imul", math_imul },
  { "log", math_log },
  { "log10", math_log10 },
  { "log1p", math_log1p },
  { "log2", math_log2 },
  { "max", math_max },
  { "min", math_min },
  { "pow", math_pow },
  { "round", math_round },
  { "sign", math_sign },
  { "sin", math_sin },
  { "sinh", math_sinh },
  { "sqrt", math_sqrt },
  { "tan", math_tan },
  { "tanh", math_tanh },
  { "trunc", math_trunc },
  { NULL },
};
