/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the dynamic linker takes for a program that does nothing. */
int main(void)
{
	return 0;
}
