#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/buf.h"

/* Text for an element or an attribute in double quotes: escaped, and without the characters that
 * XML 1.0 has no way to write, which become U+FFFD. Line ends stay line ends in both. */
void xml_put(Buf *out, const char *text);
/* ' name="text"' */
void xml_attribute(Buf *out, const char *name, const char *text);

#endif
