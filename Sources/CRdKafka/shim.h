#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
// Swift's Glibc module leaves it out.
#include <sys/eventfd.h>
