#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
// Swift's Glibc module leaves these out.
#include <malloc.h>
#include <sys/eventfd.h>
